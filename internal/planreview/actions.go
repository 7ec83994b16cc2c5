package planreview

// actionInvocation is an action that the plan invokes.
type actionInvocation struct {
	Address string `json:"address"`
	Type    string `json:"type"`
}

func (d *decoder) actionInvocation() error {
	var a actionInvocation
	if err := d.Decode(&a); err != nil {
		return err
	}
	d.actions = append(d.actions, &a)
	return nil
}
