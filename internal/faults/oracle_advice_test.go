package faults_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// makeForeign replaces objects in state by their state of another provider, as
// after a change of the provider. That happens minutes after the create: such a
// state has no creation time, so that a 404 is believed.
func (q *sequence) makeForeign(h *holder) {
	for _, address := range slices.Sorted(maps.Keys(h.objects)) {
		o := h.objects[address]
		at, configured := h.targets[address]
		if k := kinds[o.Type]; k != serverNamed && k != secret || !configured || o.Tainted || len(o.Deposed) > 0 || q.random.IntN(8) > 0 {
			continue
		}
		var own struct {
			PreviousID   string           `json:"previous_id"`
			ExpiringKeys map[string]int64 `json:"expiring_keys"`
		}
		if err := json.Unmarshal(o.JSON(q.t), &own); err != nil {
			q.t.Fatal(err)
		}
		if own.PreviousID != "" || len(own.ExpiringKeys) > 0 {
			continue // other providers do not rotate, and the keys would leave the state
		}
		q.w.clock.Advance(transport.YoungAge)
		state := foreignState(q.t, o, h.configuration(at), true)
		foreign, diags := q.driver(h).FromForeignState(q.t, o.Type, q.random.Int64N(provider.Traits(o.Type).Schema.Version+1), state)
		if problem := q.say(h, diags); problem != "" {
			q.t.Errorf("%s: a foreign state cannot be read: %s", address, problem)
			continue
		}
		h.objects[address] = foreign
		q.counts.foreign++
		q.log = append(q.log, h.name+": foreign state of "+address)
	}
}

// isOthers says whether an object was there before, or is in a state.
func (q *sequence) isOthers(id string) bool {
	own := id[strings.LastIndexByte(id, '/')+1:]
	for path := range q.before {
		if strings.HasSuffix(path, "/"+own) {
			return true
		}
	}
	for _, h := range q.states {
		for _, o := range h.objects {
			for _, held := range append([]*acctest.Object{o}, o.Deposed...) {
				if strings.Contains(held.String(), `"`+own+`"`) {
					return true
				}
			}
		}
	}
	return false
}

// followAdvice does what an error advises: it imports the object of a create
// with a lost answer, moves a renamed address, or releases one whose object
// another address will manage.
func (q *sequence) followAdvice(h *holder, problem string) {
	address, advice, _ := strings.Cut(problem, ": ")
	for _, block := range importBlock.FindAllStringSubmatch(advice, -1) {
		typeName, id := block[1], block[2]
		at, configured := h.targets[address]
		if !configured || h.objects[address] != nil || subjects[at.subject].typeName != typeName || q.isOthers(id) {
			continue
		}
		if o, diags := q.driver(h).ImportID(q.t, typeName, id); q.say(h, diags) == "" && o != nil {
			h.objects[address] = o
			q.log = append(q.log, h.name+": imported "+id+" as "+address)
		}
	}
	if o := h.objects[address]; o != nil && len(o.Deposed) > 0 && strings.Contains(advice, "which leaves a deposed object, first apply with the values that the address has in state") {
		at := h.targets[address]
		other := target{subject: at.subject, second: !at.second}
		if hasValues(o, h.configuration(other)) && !hasValues(o, h.configuration(at)) {
			h.targets[address] = other
			q.log = append(q.log, h.name+": configured "+address+" as it is in state")
			return
		}
		delete(h.objects, address)
		q.log = append(q.log, h.name+": removed "+address+" and its deposed object from state")
		return
	}
	if !strings.Contains(problem, "moved") {
		return
	}
	for from := range maps.Clone(h.objects) {
		if _, configured := h.targets[from]; configured {
			continue
		}
		other := strings.NewReplacer(`"x"`, `"y"`, `"y"`, `"x"`).Replace(from)
		if _, configured := h.targets[other]; !configured {
			continue
		}
		switch {
		case h.objects[other] == nil:
			h.objects[other] = h.objects[from]
			q.log = append(q.log, h.name+": moved "+from+" to "+other)
		case address == from || address == other:
			q.log = append(q.log, h.name+": released "+from+", whose object "+other+" will manage")
		default:
			continue
		}
		delete(h.objects, from)
	}
}

// hasValues says whether an object has the texts of a configuration.
func hasValues(o *acctest.Object, configured map[string]any) bool {
	for name, value := range configured {
		if text, ok := value.(string); ok && !strings.EqualFold(o.Attribute(name), text) {
			return false
		}
	}
	return true
}

// removeOrphans removes by hand the objects that a diagnostic has named as
// possible orphans: it imports each one into another state, and destroys it.
func (q *sequence) removeOrphans(h *holder) {
	d := q.w.driverAt(q.t, q.w.direct.URL+"/v1", q.w.clock)
	for _, block := range importBlock.FindAllStringSubmatch(q.said[h.name].String(), -1) {
		typeName, id := block[1], block[2]
		if k := kinds[typeName]; k != serverNamed && k != secret || q.isOthers(id) {
			continue
		}
		o, diags := d.ImportID(q.t, typeName, id)
		if hasError(diags) || o == nil {
			continue // it does not exist any more
		}
		if left, diags := d.Apply(q.t, typeName, o, nil); hasError(diags) || left != nil {
			q.t.Errorf("%s %s cannot be destroyed: %s", typeName, id, texts(diags))
		}
		q.log = append(q.log, fmt.Sprintf("%s: removed %s %s by hand", h.name, typeName, id))
	}
}
