package main_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// composition is what the tests read of docker-compose.yml.
type composition struct {
	Services map[string]composed  `yaml:"services"`
	Volumes  map[string]any       `yaml:"volumes"`
	Networks map[string]composeOn `yaml:"networks"`
}

type composeOn struct {
	Internal bool `yaml:"internal"`
}

type composed struct {
	Image       string                       `yaml:"image"`
	Build       string                       `yaml:"build"`
	Command     []string                     `yaml:"command"`
	ReadOnly    bool                         `yaml:"read_only"`
	Privileged  bool                         `yaml:"privileged"`
	Tmpfs       []string                     `yaml:"tmpfs"`
	CapDrop     []string                     `yaml:"cap_drop"`
	CapAdd      []string                     `yaml:"cap_add"`
	SecurityOpt []string                     `yaml:"security_opt"`
	Volumes     []string                     `yaml:"volumes"`
	Networks    []string                     `yaml:"networks"`
	Ports       []string                     `yaml:"ports"`
	Environment map[string]string            `yaml:"environment"`
	DependsOn   map[string]map[string]string `yaml:"depends_on"`
	Healthcheck struct{ Test []string }      `yaml:"healthcheck"`
	Rest        map[string]any               `yaml:",inline"`
}

func TestCompose_App_RunsWithoutPrivileges(t *testing.T) {
	services := compose(t).Services
	for _, name := range []string{"app", "migrate"} {
		s := services[name]
		if !s.ReadOnly || s.Privileged || len(s.CapAdd) > 0 || !slices.Equal(s.CapDrop, []string{"ALL"}) {
			t.Errorf("%s: read_only %t, privileged %t, cap_drop %v, cap_add %v", name, s.ReadOnly, s.Privileged, s.CapDrop, s.CapAdd)
		}
		if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may gain privileges: %v", name, s.SecurityOpt)
		}
		if !slices.Contains(s.Tmpfs, "/tmp") || !slices.Contains(s.Volumes, "data:/data") {
			t.Errorf("%s has nowhere to write: tmpfs %v, volumes %v", name, s.Tmpfs, s.Volumes)
		}
	}
}

func TestCompose_App_StartsAfterAHealthyMigratedDatabase(t *testing.T) {
	services := compose(t).Services
	for _, c := range []struct{ service, on, condition string }{
		{"migrate", "db", "service_healthy"},
		{"app", "db", "service_healthy"},
		{"app", "migrate", "service_completed_successfully"},
		{"caddy", "app", "service_healthy"},
	} {
		if got := services[c.service].DependsOn[c.on]["condition"]; got != c.condition {
			t.Errorf("%s waits for %s with %q, want %q", c.service, c.on, got, c.condition)
		}
	}
	if got := services["migrate"].Command; !slices.Equal(got, []string{"migrate", "up"}) {
		t.Errorf("migrate runs %v", got)
	}
	if got := services["app"].Healthcheck.Test; !slices.Equal(got, []string{"CMD", "/socia", "health"}) {
		t.Errorf("the app's health is asked with %v", got)
	}
	if got := services["db"].Healthcheck.Test; len(got) < 2 || got[1] != "pg_isready" {
		t.Errorf("the database's health is asked with %v", got)
	}
}

func TestCompose_Database_KeepsItsDataAndIsNotReachedFromOutside(t *testing.T) {
	c := compose(t)
	db := c.Services["db"]
	if !slices.Contains(db.Volumes, "db:/var/lib/postgresql/data") {
		t.Errorf("the database's volumes are %v", db.Volumes)
	}
	if !strings.HasPrefix(db.Image, "postgres:") || db.Image < "postgres:15" {
		t.Errorf("the database is %s, want PostgreSQL 15 or later", db.Image)
	}
	for _, network := range db.Networks {
		if !c.Networks[network].Internal {
			t.Errorf("the database is on %s, which leads outside", network)
		}
	}
	for name, s := range c.Services {
		if len(s.Ports) > 0 && name != "caddy" {
			t.Errorf("%s publishes %v; only Caddy may", name, s.Ports)
		}
		for _, volume := range s.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, declared := c.Volumes[source]; !declared && !strings.HasPrefix(source, "./") {
				t.Errorf("%s uses volume %s, which is not declared", name, source)
			}
		}
	}
}

func TestCompose_ProxyTrust_IsItsOwnNetwork(t *testing.T) {
	text := read(t, "docker-compose.yml")
	// One network in common, and that one: on a second one the proxy would come from another address.
	services := compose(t).Services
	if got := services["caddy"].Networks; !slices.Equal(got, []string{"front"}) || !slices.Contains(services["app"].Networks, "front") {
		t.Errorf("Caddy is on %v, want front, where the app is too", got)
	}
	subnet := regexp.MustCompile(`(?s)  front:.*?subnet: (\S+)`).FindStringSubmatch(text)
	trusted := services["app"].Environment["SOCIA_TRUSTED_PROXIES"]
	if subnet == nil || !strings.Contains(trusted, subnet[1]) {
		t.Errorf("trusted proxies are %q, the network is %v", trusted, subnet)
	}
}

func TestDeployment_EveryVariable_IsExplainedInTheExample(t *testing.T) {
	explained := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^#?([A-Z][A-Z0-9_]+)=`).FindAllStringSubmatch(read(t, ".env.example"), -1) {
		explained[found[1]] = true
	}
	used := regexp.MustCompile(`\$?\{\$?([A-Z][A-Z0-9_]+)`)
	for _, file := range []string{"docker-compose.yml", "Caddyfile"} {
		for _, found := range used.FindAllStringSubmatch(read(t, file), -1) {
			if !explained[found[1]] {
				t.Errorf("%s uses %s, which .env.example does not have", file, found[1])
			}
		}
	}
	for name, s := range compose(t).Services {
		for _, variable := range slices.Sorted(maps.Keys(s.Environment)) {
			if strings.HasPrefix(variable, "SOCIA_") && !explained[variable] {
				t.Errorf("%s sets %s, which .env.example does not have", name, variable)
			}
		}
	}
}

func TestDockerfile_Image_IsStaticAndNotRoot(t *testing.T) {
	text := read(t, "Dockerfile")
	_, final, found := strings.Cut(text[strings.Index(text, "FROM"):], "\nFROM ")
	if !found {
		t.Fatal("one stage only: the compiler would be in the image")
	}
	for _, line := range []string{
		"USER 65532:65532", "VOLUME /data", "EXPOSE 3000", `ENTRYPOINT ["/socia"]`,
		`CMD ["serve", "--listen", "0.0.0.0:3000"]`, "ENV SOCIA_DATABASE_URL=sqlite:/data/socia.db",
	} {
		if !strings.Contains(final, "\n"+line+"\n") {
			t.Errorf("the image lacks: %s", line)
		}
	}
	if !regexp.MustCompile(`(?m)^HEALTHCHECK .*CMD \["/socia", "health"\]$`).MatchString(final) {
		t.Error("the image does not ask after its own health")
	}
	for _, option := range []string{"CGO_ENABLED=0", "-trimpath"} {
		if !strings.Contains(text, option) {
			t.Errorf("the build lacks %s", option)
		}
	}
	module := read(t, "go.mod")
	language := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(module)
	if !strings.Contains(text, "FROM golang:"+language[1]) {
		t.Errorf("go.mod asks for Go %s, the image is built with another", language[1])
	}
}

// The image is built from listed folders only; one that is forgotten there would not compile, or not be embedded.
func TestDockerignore_EveryFolderOfTheBinary_IsSentToTheBuild(t *testing.T) {
	lines := strings.Split(read(t, ".dockerignore"), "\n")
	files, err := filepath.Glob("*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		folder := filepath.Dir(file)
		compiled := strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go")
		if compiled && folder != "tools" && !slices.Contains(lines, "!"+folder) {
			t.Errorf(".dockerignore lacks !%s", folder)
		}
	}
	for _, secret := range []string{"**/.env*", "**/*.db"} {
		if !slices.Contains(lines, secret) {
			t.Errorf(".dockerignore lacks %s", secret)
		}
	}
}

func compose(t *testing.T) (c composition) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
