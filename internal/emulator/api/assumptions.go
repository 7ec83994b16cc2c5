package api

import "github.com/allthingsai/terraform-provider-openai/internal/assumptions"

// switches are the fields of a behavior that give another answer than the
// assumed one.
var switches = map[string]func(*Behavior) *bool{
	"A-1=refused":          func(b *Behavior) *bool { return &b.ChecksOrganizationHeader },
	"A-2=reversed":         func(b *Behavior) *bool { return &b.ReversesLists },
	"A-3=default":          func(b *Behavior) *bool { return &b.ZeroIsDefaultLimit },
	"A-4=sent":             func(b *Behavior) *bool { return &b.SendRetryAfter },
	"A-6=nothing":          func(b *Behavior) *bool { return &b.NullClearsNothing },
	"A-7=absent":           func(b *Behavior) *bool { return &b.OmitsResidency },
	"A-8=is-initial":       func(b *Behavior) *bool { return &b.MarksDefaultProject },
	"A-10=kept":            func(b *Behavior) *bool { return &b.KeepsKeysOfDeleted },
	"A-11=refused":         func(b *Behavior) *bool { return &b.RefusesRolesOfServiceAccounts },
	"A-13=refused":         func(b *Behavior) *bool { return &b.RefusesUnknownScopes },
	"A-15=service-account": func(b *Behavior) *bool { return &b.AdminKeysOfServiceAccounts },
	"A-17=listed":          func(b *Behavior) *bool { return &b.ListsServiceAccounts },
	"A-18=created":         func(b *Behavior) *bool { return &b.CreatesSecondInvite },
	"A-18=returned":        func(b *Behavior) *bool { return &b.ReturnsFirstInvite },
	"A-19=accepted":        func(b *Behavior) *bool { return &b.AcceptsUserIDAndEmail },
	"A-20=custom":          func(b *Behavior) *bool { return &b.ShowsCustomRole },
	"A-21=accepted":        func(b *Behavior) *bool { return &b.ChangesSCIMGroups },
	"A-22=refused":         func(b *Behavior) *bool { return &b.RefusesRepeats },
	"A-23=enforcing":       func(b *Behavior) *bool { return &b.LimitsAlwaysEnforcing },
	"A-26=refused":         func(b *Behavior) *bool { return &b.RefusesEqualAlerts },
	"A-28=refused":         func(b *Behavior) *bool { return &b.RefusesNoModels },
	"A-29=accepted":        func(b *Behavior) *bool { return &b.AcceptsDisabledDefaultTier },
	"A-30=refused":         func(b *Behavior) *bool { return &b.RefusesRetention },
	"A-31=absent":          func(b *Behavior) *bool { return &b.OmitsWorkspace },
	"A-33=disabled":        func(b *Behavior) *bool { return &b.NewProvidersDisabled },
	"A-35=absent":          func(b *Behavior) *bool { return &b.OmitsEmptyBuckets },
	"A-36=refused":         func(b *Behavior) *bool { return &b.RefusesFutureUsage },
	"A-38=honored":         func(b *Behavior) *bool { return &b.HonorsIdempotencyKeys },
	"A-39=late":            func(b *Behavior) *bool { return &b.FirstReadMisses },
	"A-40=refused":         func(b *Behavior) *bool { return &b.RefusesGroupPermissions },
	"A-41=creator":         func(b *Behavior) *bool { return &b.CreatorIsMember },
	"A-41=owners":          func(b *Behavior) *bool { return &b.OwnersAreMembers },
	"A-42=short":           func(b *Behavior) *bool { return &b.ShortRoleIDs },
	"A-43=other":           func(b *Behavior) *bool { return &b.ShufflePermissions },
	"A-44=all":             func(b *Behavior) *bool { return &b.HostedToolsForAll },
	"A-45=fixed":           func(b *Behavior) *bool { return &b.KeepsExternalKeys },
}

// Assume makes a choice such as A-4=sent.
func (b *Behavior) Assume(choice string) error {
	assumption, answer, err := assumptions.Parse(choice)
	if err != nil {
		return err
	}
	for i, name := range assumption.Answers {
		if i > 0 { // the first is what the behavior is without any of its switches
			*switches[assumption.ID+"="+name](b) = name == answer
		}
	}
	return nil
}
