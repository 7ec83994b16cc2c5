package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared/constant"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const serviceTiersPath = projectPath + "/service_tier_settings"

// AllTiers stands for every optional tier, also those that are yet to come.
const AllTiers = "all"

// TierSettings are the service tiers of a project.
type TierSettings struct {
	// Default is used for requests that choose no tier.
	Default string `json:"default"`
	// Enabled are the tiers in addition to the standard one, or AllTiers alone.
	Enabled []string `json:"enabled"`
}

// ServiceTiers are the service tiers of projects.
type ServiceTiers struct {
	client *Client
	sdk    openai.AdminOrganizationProjectServiceTierSettingService
	known  cache.Singletons[TierSettings]
}

func newServiceTiers(c *Client, sdk openai.AdminOrganizationProjectServiceTierSettingService) *ServiceTiers {
	s := &ServiceTiers{client: c, sdk: sdk}
	settingsAhead(c, s.get(), &s.known, s.Get)
	return s
}

func (s *ServiceTiers) get() transport.Operation {
	return transport.Read("read service tier settings", serviceTiersPath)
}

var tierSettings = converted(func(s *openai.ProjectServiceTierSettings) (*TierSettings, error) {
	enabled := s.EnabledTiers
	tiers := &TierSettings{Default: string(s.Default), Enabled: []string{}}
	switch {
	case !isText(s.JSON.Default):
		return nil, errIncomplete
	case enabled.JSON.OfAll.Valid() && enabled.OfAll == AllTiers:
		tiers.Enabled = append(tiers.Enabled, AllTiers)
	case enabled.JSON.OfProjectServiceTierSettingsEnabledTiers.Valid():
		for _, tier := range enabled.OfProjectServiceTierSettingsEnabledTiers {
			tiers.Enabled = append(tiers.Enabled, string(tier))
		}
	default:
		return nil, errIncomplete
	}
	return tiers, nil
})

// Get returns the tiers of a project.
func (s *ServiceTiers) Get(ctx context.Context, projectID string) (*TierSettings, error) {
	return s.known.Get(ctx, projectID, func() (*TierSettings, error) {
		return call(ctx, s.client, s.get(),
			func(ctx context.Context, opts ...option.RequestOption) (*TierSettings, error) {
				return tierSettings(s.sdk.Get(ctx, projectID, opts...))
			})
	})
}

// Set sets the tiers of a project.
func (s *ServiceTiers) Set(ctx context.Context, projectID string, settings TierSettings) (*TierSettings, error) {
	params := openai.AdminOrganizationProjectServiceTierSettingUpdateParams{
		Default: openai.AdminOrganizationProjectServiceTierSettingUpdateParamsDefault(settings.Default),
	}
	if len(settings.Enabled) == 1 && settings.Enabled[0] == AllTiers {
		params.EnabledTiers.OfAll = constant.ValueOf[constant.All]()
	} else {
		// Must not be nil: an empty list leaves the standard tier alone.
		params.EnabledTiers.OfProjectOptionalServiceTierArray = []openai.ProjectOptionalServiceTier{}
		for _, tier := range settings.Enabled {
			params.EnabledTiers.OfProjectOptionalServiceTierArray = append(params.EnabledTiers.OfProjectOptionalServiceTierArray, openai.ProjectOptionalServiceTier(tier))
		}
	}
	return s.known.Set(ctx, projectID, func() (*TierSettings, error) {
		return call(ctx, s.client, transport.Update("set service tier settings", serviceTiersPath),
			func(ctx context.Context, opts ...option.RequestOption) (*TierSettings, error) {
				return tierSettings(s.sdk.Update(ctx, projectID, params, opts...))
			})
	})
}
