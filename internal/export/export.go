// Package export writes an organization down as Terraform configuration with
// import blocks, for those whose Terraform has no query command.
package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// Options are the selection and the target folder of an export.
type Options struct {
	// Folder is made, and must be empty if it is there already.
	Folder string
	// Projects are ids or names. When there are none, all active projects and
	// the organization itself are exported.
	Projects []string
	// Include are kinds beyond those that are exported always, Exclude those
	// that are not.
	Include, Exclude []string
	// Version is that of the program.
	Version string
}

// Run exports, and prints a summary. The organization is the one of the
// environment variables that the provider reads.
func Run(ctx context.Context, options Options, out io.Writer) error {
	chosen, err := options.kinds()
	if err != nil {
		return err
	}
	if err := prepare(options.Folder); err != nil {
		return err
	}
	settings, err := settingsFor(chosen)
	if err != nil {
		return err
	}
	organization, err := open(ctx, options.Version, settings)
	if err != nil {
		return err
	}
	export := &export{organization: organization}
	if err := export.read(ctx, chosen, options.Projects); err != nil {
		return err
	}
	w := newWriter(export.objects)
	export.name(w)
	if err := export.write(w, options.Folder); err != nil {
		return err
	}
	export.summarize(out, chosen, options.Folder)
	return nil
}

// settingsFor are the settings of the provider that it does not take from the
// environment by itself.
func settingsFor(chosen []*kind) (map[string]string, error) {
	for _, k := range chosen {
		if k.projectKey {
			key := os.Getenv("OPENAI_API_KEY")
			if key == "" {
				return nil, fmt.Errorf("%s belongs to the project of an API key: set OPENAI_API_KEY to a key of that project", k.typeName)
			}
			return map[string]string{"api_key": key}, nil
		}
	}
	return nil, nil
}

// kinds are those chosen.
func (o Options) kinds() (chosen []*kind, err error) {
	for _, name := range slices.Concat(o.Include, o.Exclude) {
		if known := TypeNames(); !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s is not exported. The types are: %s%s", name, strings.Join(known, ", "), suggest.Sentence(name, known))
		}
	}
	if slices.Contains(o.Exclude, kinds[0].typeName) {
		return nil, fmt.Errorf("%s cannot be excluded: the rest is arranged by project", kinds[0].typeName)
	}
	for i := range kinds {
		k := &kinds[i]
		if (!k.onDemand || slices.Contains(o.Include, k.typeName)) && !slices.Contains(o.Exclude, k.typeName) {
			chosen = append(chosen, k)
		}
	}
	return chosen, nil
}

// prepare creates the folder. It does not overwrite files that may have been
// edited.
func prepare(folder string) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	present, err := filepath.Glob(filepath.Join(folder, "*.tf"))
	if err == nil && len(present) > 0 {
		err = fmt.Errorf("%s holds configuration already: export into a new folder, and move over what you want", folder)
	}
	return err
}

type export struct {
	*organization
	objects []*object
	leftOut map[*kind]int
	// labels are the names of the projects by their ids.
	labels map[string]string
}

// read lists everything that is chosen: the kinds side by side, each of them
// one project after the other.
func (e *export) read(ctx context.Context, chosen []*kind, projects []string) error {
	e.leftOut = map[*kind]int{}
	all, _, err := e.list(ctx, &kinds[0], "")
	if err != nil {
		return err
	}
	selected, err := pick(all, projects)
	if err != nil {
		return err
	}
	e.objects = selected
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	for _, k := range chosen {
		if k == &kinds[0] || len(projects) > 0 && !e.ofProjects(k) {
			continue
		}
		wait.Go(func() {
			objects, leftOut, err := e.readKind(ctx, k, selected, len(projects) > 0)
			mu.Lock()
			defer mu.Unlock()
			e.objects = append(e.objects, objects...)
			e.leftOut[k] += leftOut
			if err != nil {
				failures = append(failures, err)
			}
		})
	}
	wait.Wait()
	// Their order must not depend on who was faster, nor on the API's mood.
	slices.SortFunc(e.objects, func(a, b *object) int {
		return cmp.Or(cmp.Compare(rankOf(a.kind), rankOf(b.kind)), cmp.Compare(a.importID, b.importID))
	})
	return errors.Join(failures...)
}

func (e *export) readKind(ctx context.Context, k *kind, projects []*object, some bool) (objects []*object, leftOut int, err error) {
	if !some || !e.ofProjects(k) {
		return e.list(ctx, k, "")
	}
	for _, project := range projects {
		part, left, err := e.list(ctx, k, project.importID)
		if err != nil {
			return nil, 0, err
		}
		objects, leftOut = append(objects, part...), leftOut+left
	}
	return objects, leftOut, nil
}

func rankOf(k *kind) int {
	return slices.IndexFunc(kinds, func(other kind) bool { return other.typeName == k.typeName })
}

// pick chooses projects by id or name.
func pick(all []*object, want []string) (chosen []*object, err error) {
	if len(want) == 0 {
		return all, nil
	}
	for _, name := range want {
		found := slices.DeleteFunc(slices.Clone(all), func(p *object) bool { return p.importID != name && text(p.state["name"]) != name })
		if len(found) == 0 {
			return nil, fmt.Errorf("there is no active project with the id or name %q%s", name, suggest.Sentence(name, projectNames(all)))
		}
		for _, p := range found {
			if !slices.Contains(chosen, p) {
				chosen = append(chosen, p)
			}
		}
	}
	return chosen, nil
}

func projectNames(projects []*object) []string {
	var names []string
	for _, p := range projects {
		names = append(names, text(p.state["name"]))
	}
	return names
}

// name names everything after its project, after the objects that it refers to,
// and after itself. A referenced object is of an earlier kind, or is not
// exported, and then its id says nothing to a reader.
func (e *export) name(w *writer) {
	taken := names{}
	e.labels = map[string]string{}
	for _, o := range e.objects {
		var words []string
		if project := e.projectOf(o); project != "" {
			words = append(words, e.labels[project])
		}
		for _, attribute := range o.kind.named {
			if other, ok := w.find(o, attribute, o.state[attribute]); ok {
				words = append(words, other.object.label())
			}
		}
		words = append(words, o.label())
		words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
		o.name = taken.unique(o.kind, strings.Join(words, "_"))
		if o.kind == &kinds[0] {
			e.labels[o.importID] = o.name
		}
	}
}

// projectOf is the id of the project that an object belongs to.
func (e *export) projectOf(o *object) string { return text(o.state["project_id"]) }

// write writes a file for each project, one for the organization, and one that
// says which provider they need.
func (e *export) write(w *writer, folder string) error {
	files := map[string][]*object{}
	for _, o := range e.objects {
		file := "organization.tf"
		if label := e.labels[e.projectOf(o)]; label != "" {
			file = "project_" + label + ".tf"
		}
		files[file] = append(files[file], o)
	}
	for name, objects := range files {
		if err := os.WriteFile(filepath.Join(folder, name), w.file(objects), 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "versions.tf"), []byte(versions), 0o600)
}

// summarize prints the written objects, the omitted ones, and the next step.
func (e *export) summarize(out io.Writer, chosen []*kind, folder string) {
	var said strings.Builder
	fmt.Fprintf(&said, "Written to %s:\n\n", folder)
	for _, k := range chosen {
		count := 0
		for _, o := range e.objects {
			if o.kind == k {
				count++
			}
		}
		fmt.Fprintf(&said, "%6d %s\n", count, k.typeName)
	}
	for i := range kinds {
		k := &kinds[i]
		if e.leftOut[k] > 0 {
			fmt.Fprintf(&said, "\n%d of %s are left out: the API does not return all values that their configuration needs.\n", e.leftOut[k], k.typeName)
		}
		if k.onDemand && !slices.Contains(chosen, k) {
			fmt.Fprintf(&said, "\n%s is left out; add it with --include %s.\n", k.typeName, k.typeName)
		}
	}
	said.WriteString("\nNext: terraform init, terraform plan, and look that nothing but imports is planned.\n")
	_, _ = io.WriteString(out, said.String())
}
