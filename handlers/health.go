package handlers

import (
	"github.com/gofiber/fiber/v2"
)

// Healthz says that the process answers. It asks nothing else, so that a slow database never has the process killed.
func (h *Handlers) Healthz(c *fiber.Ctx) error {
	return c.SendString("ok\n")
}

// Readyz says whether requests can be served: the database answers and has the schema that the program needs.
func (h *Handlers) Readyz(c *fiber.Ctx) error {
	if err := h.Operations.Ready(c.UserContext()); err != nil {
		h.Log.Warn("not ready", "error", err)
		return c.Status(fiber.StatusServiceUnavailable).SendString(err.Error() + "\n")
	}
	return c.SendString("ready\n")
}
