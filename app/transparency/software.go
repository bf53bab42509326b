package transparency

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
)

//go:generate go test . -run TestLicences -update

// licencesJSON says under which licence each module is, by its path. The test writes it from the module cache and
// holds it against the modules that are linked.
//
//go:embed licences.json
var licencesJSON []byte

var licences = sync.OnceValues(func() (map[string]string, error) {
	known := map[string]string{}
	if err := json.Unmarshal(licencesJSON, &known); err != nil {
		return nil, fmt.Errorf("read the list of licences: %w", err)
	}
	return known, nil
})

// Module is one piece of software that is linked into the program. Licence is an SPDX identifier.
type Module struct{ Path, Version, Licence string }

// Software is what the running program is made of, as its own build says.
type Software struct {
	Go       string
	Version  string
	Revision string
	// Modified says that the program was built from sources that differ from the revision.
	Modified  bool
	SourceURL string
	Modules   []Module
}

// Software reads it from the program itself, so that nothing can be left out.
func (s *Service) Software() (Software, error) {
	known, err := licences()
	if err != nil {
		return Software{}, err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Software{SourceURL: s.source}, nil
	}
	return softwareOf(info, known, s.source), nil
}

func softwareOf(info *debug.BuildInfo, known map[string]string, source string) Software {
	out := Software{Go: info.GoVersion, Version: info.Main.Version, SourceURL: source}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			out.Revision = setting.Value
		case "vcs.modified":
			out.Modified = setting.Value == "true"
		}
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		out.Modules = append(out.Modules, Module{Path: m.Path, Version: m.Version, Licence: known[m.Path]})
	}
	return out
}
