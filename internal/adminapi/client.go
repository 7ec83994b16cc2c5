package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/webhooks"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// DefaultMaxWait is how long one call waits for rate limits before it fails.
const DefaultMaxWait = 30 * time.Minute

// Config is the configuration of a Client.
type Config struct {
	// AdminAPIKey authenticates the requests of the Administration API, and APIKey
	// those for the objects of its project. One of them is required.
	AdminAPIKey, APIKey transport.Secret
	// BaseURL defaults to DefaultBaseURL.
	BaseURL string
	// Organization and Project are sent as headers when set.
	Organization, Project string
	// MaxWait is the patience with rate limits, DefaultMaxWait when zero.
	MaxWait time.Duration
	// RequestsPerMinute is a ceiling per endpoint, none when zero.
	RequestsPerMinute int64
	// FollowLog says how the audit log is used in place of reads. It is not
	// when zero.
	FollowLog FollowLog
	// NoAdvice switches off checks that only serve warnings. SuppressWarnings
	// switches off some kinds of them.
	NoAdvice bool
	// NoReadAhead switches off reads before a caller asks for their results.
	NoReadAhead      bool
	SuppressWarnings []string
	// OrphansAreErrors makes a plan fail that would create an object that may
	// exist as an orphan.
	OrphansAreErrors bool
	// ReadOnly refuses everything but reads.
	ReadOnly bool
	// UserAgent replaces the SDK's.
	UserAgent string
	// Clock is SystemClock when nil.
	Clock transport.Clock
	// Transport is a clone of http.DefaultTransport when nil.
	Transport http.RoundTripper
}

// Client gives access to the organization, one field for each kind of object.
// It is safe for concurrent use and meant to live as long as the process.
type Client struct {
	secrets   transport.KnownSecrets
	clock     transport.Clock
	transport *transport.Transport
	recent    *transport.RecentlyCreated
	server    *transport.ServerTime
	creating  wait.Locks
	known     knownObjects
	// ahead is nil when nothing is read ahead.
	ahead *cache.ReadAhead
	// expectation is done when it is known which reads to expect.
	expectation sync.Once

	hasAdminKey, hasProjectKey bool
	orphansAreErrors           bool
	readOnly                   bool
	// configuredOrganization is the id that every request names, if any.
	configuredOrganization string
	// Ownership says which API paths this configuration has written.
	Ownership *Ownership
	// Organization is that of the admin key, KeyProject that of the API key.
	Organization, KeyProject *Tenant

	Projects        *Projects
	SpendLimits     *SpendLimits
	SpendAlerts     *SpendAlerts
	RateLimits      *RateLimits
	ServiceAccounts *ServiceAccounts
	APIKeys         *APIKeys
	AdminKeys       *AdminKeys
	Users           *Users
	Invites         *Invites
	ProjectUsers    *ProjectUsers
	Usage           *Usage
	ChangeLog       *ChangeLog
	ModelPolicies   *ModelPolicies
	HostedTools     *HostedTools
	ServiceTiers    *ServiceTiers
	DataRetention   *DataRetention
	Groups          *Groups
	GroupUsers      *GroupUsers
	ProjectGroups   *ProjectGroups
	Roles           *Roles
	RoleAssignments *RoleAssignments
	AuditLogs       *AuditLogs
	Certificates    *Certificates
	// IdentityProviders and FederationRules are the workload identity of the
	// organization.
	IdentityProviders *IdentityProviders
	FederationRules   *FederationRules
	ExternalKeys      *ExternalKeys
	ExternalStorages  *ExternalStorages
	Tunnels           *Tunnels
	// CheckpointPermissions are the projects that may use fine-tuned models.
	CheckpointPermissions *CheckpointPermissions
	// WebhookEndpoints are those of the project of the API key.
	WebhookEndpoints *WebhookEndpoints
	Advice           *Advice
}

// New makes a client. It sends nothing yet.
func New(config Config) (*Client, error) {
	if config.AdminAPIKey.IsEmpty() && config.APIKey.IsEmpty() {
		return nil, errors.New("an admin API key is required, or an API key of a project")
	}
	if config.BaseURL == "" {
		config.BaseURL = transport.DefaultBaseURL
	}
	if err := transport.CheckBaseURL(config.BaseURL); err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	if config.MaxWait <= 0 {
		config.MaxWait = DefaultMaxWait
	}
	if config.Clock == nil {
		config.Clock = transport.SystemClock{}
	}
	if config.Transport == nil {
		defaults := http.DefaultTransport.(*http.Transport).Clone()
		defaults.MaxIdleConnsPerHost = defaults.MaxIdleConns // all requests go to one host
		config.Transport = defaults
	}
	c := &Client{
		clock: config.Clock,
		known: knownObjects{ids: map[string]bool{}, created: map[string]bool{}, since: config.Clock.Now(), last: config.Clock.Now()},

		hasAdminKey: !config.AdminAPIKey.IsEmpty(), hasProjectKey: !config.APIKey.IsEmpty(),
		orphansAreErrors: config.OrphansAreErrors,
		readOnly:         config.ReadOnly,

		configuredOrganization: config.Organization,

		Ownership: newOwnership(config.BaseURL),
	}
	c.secrets.Add(config.AdminAPIKey.Reveal())
	c.secrets.Add(config.APIKey.Reveal())
	c.Organization, c.KeyProject = newTenants(c)
	c.transport = transport.New(transport.Config{
		Base:              config.Transport,
		Clock:             config.Clock,
		MaxWait:           config.MaxWait,
		RequestsPerMinute: config.RequestsPerMinute,
		ReadOnly:          config.ReadOnly,
		Guard:             c.Ownership.guard,
		OnAnswer: func(op transport.Operation, header http.Header) {
			if op.ProjectKey {
				c.KeyProject.learn(header)
			} else {
				c.Organization.learn(header)
			}
		},
		OnWait: func() (end func()) {
			if c.ahead == nil {
				return func() {}
			}
			return c.ahead.Wait()
		},
		FindYoung: c.findYoung,
	})
	if !config.NoReadAhead {
		c.ahead = cache.NewReadAhead(c.transport.WaitIdle)
	}
	c.recent, c.server = c.transport.Recent, c.transport.Server
	options := []option.RequestOption{
		option.WithBaseURL(config.BaseURL),
		// Retries are ours: the SDK would repeat creations.
		option.WithMaxRetries(0),
		option.WithHTTPClient(&http.Client{Transport: c.transport}),
	}
	if config.Organization != "" {
		options = append(options, option.WithOrganization(config.Organization))
	}
	if config.Project != "" {
		options = append(options, option.WithProject(config.Project))
	}
	if config.UserAgent != "" {
		options = append(options, option.WithHeader("User-Agent", config.UserAgent))
	}
	// Unlike openai.NewClient, these constructors read no environment. Each service
	// has one key only, so that none is sent where the other one belongs.
	ofAdmin := append(slices.Clone(options), option.WithAdminAPIKey(config.AdminAPIKey.Reveal()))
	organization := openai.NewAdminService(ofAdmin...).Organization
	ofProject := webhooks.NewWebhookService(append(slices.Clone(options), option.WithAPIKey(config.APIKey.Reveal()))...)
	projects := organization.Projects
	c.ChangeLog = newChangeLog(c, organization.AuditLogs, config.FollowLog)
	c.Projects = newProjects(c, projects)
	c.SpendLimits = newSpendLimits(c, organization.SpendLimit, projects.SpendLimit)
	c.SpendAlerts = newSpendAlerts(c, organization.SpendAlerts, projects.SpendAlerts)
	c.RateLimits = newRateLimits(c, projects.RateLimits)
	c.ServiceAccounts = newServiceAccounts(c, projects.ServiceAccounts)
	c.APIKeys = newAPIKeys(c, projects.APIKeys, projects.ServiceAccounts.APIKeys)
	c.AdminKeys = newAdminKeys(c, organization.AdminAPIKeys)
	c.Users = newUsers(c, organization.Users)
	c.Invites = newInvites(c, organization.Invites)
	c.ProjectUsers = newProjectUsers(c, projects.Users)
	c.Usage = newUsage(c, organization.Usage)
	c.ModelPolicies = newModelPolicies(c, projects.ModelPermissions)
	c.HostedTools = newHostedTools(c, projects.HostedToolPermissions)
	c.ServiceTiers = newServiceTiers(c, projects.ServiceTierSettings)
	c.DataRetention = newDataRetention(c, organization.DataRetention, projects.DataRetention)
	c.Groups = newGroups(c, organization.Groups)
	c.GroupUsers = newGroupUsers(c, organization.Groups.Users)
	c.ProjectGroups = newProjectGroups(c, projects.Groups)
	c.Roles = newRoles(c, organization.Roles, projects.Roles)
	c.RoleAssignments = newRoleAssignments(c, organization)
	c.AuditLogs = newAuditLogs(c, organization.AuditLogs)
	c.Certificates = newCertificates(c, organization.Certificates, projects.Certificates)
	c.IdentityProviders = newIdentityProviders(c, organization.WorkloadIdentityProviders)
	c.FederationRules = newFederationRules(c, organization.WorkloadIdentityProviders.FederationRules)
	c.ExternalKeys = newExternalKeys(c, organization.ExternalKeys)
	c.ExternalStorages = newExternalStorages(c, organization.ExternalStorage)
	c.Tunnels = newTunnels(c, openai.Client{Options: ofAdmin})
	c.CheckpointPermissions = newCheckpointPermissions(c, openai.NewFineTuningCheckpointPermissionService(ofAdmin...))
	c.WebhookEndpoints = newWebhookEndpoints(c, ofProject)
	c.Advice = newAdvice(c, config.NoAdvice, config.SuppressWarnings)
	return c, nil
}

// UserAgent names the provider, the SDK and the Terraform that runs them.
func UserAgent(providerVersion, terraformVersion string) string {
	return fmt.Sprintf("terraform-provider-openai/%s (+https://github.com/allthingsai/terraform-provider-openai) Terraform/%s openai-go/%s",
		providerVersion, terraformVersion, sdkVersion())
}

// CompanionUserAgent names openai-admin and the SDK.
func CompanionUserAgent(version string) string {
	return fmt.Sprintf("openai-admin/%s (+https://github.com/allthingsai/terraform-provider-openai) openai-go/%s", version, sdkVersion())
}

func sdkVersion() string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, module := range info.Deps {
			if module.Path == "github.com/openai/openai-go/v3" {
				return module.Version
			}
		}
	}
	return "unknown"
}

// Unconfigured returns a client whose every call fails for this reason, for
// the time before the provider's settings are known.
func Unconfigured(reason string) *Client {
	client, err := New(Config{AdminAPIKey: transport.NewSecret("none"), APIKey: transport.NewSecret("none"), Transport: transport.Refusing(reason)})
	if err != nil {
		panic(err) // the configuration above is valid
	}
	return client
}

// CheckKey reports whether the client has the key for calls of the
// Administration API, or for those with the key of a project: ErrNoAdminKey or
// ErrNoProjectKey.
func (c *Client) CheckKey(projectKey bool) error {
	switch {
	case projectKey && !c.hasProjectKey:
		return transport.ErrNoProjectKey
	case !projectKey && !c.hasAdminKey:
		return transport.ErrNoAdminKey
	default:
		return nil
	}
}

// Expect records that an object was created at this time, in Unix seconds, by this
// process or an earlier one. The API may not show it at once, so that a 404 soon
// after is not believed.
func (c *Client) Expect(id string, createdAt int64) {
	c.Know(id)
	if c.ServerNow().Sub(time.Unix(createdAt, 0)) < transport.YoungAge {
		c.recent.Add(id)
	}
}

// Waited says how long requests have waited for rate limits in all, and for
// which endpoint most.
func (c *Client) Waited() (total, most time.Duration, endpoint string) { return c.transport.Waited() }

// Now is the time that everything computed from ages and expiries goes by.
func (c *Client) Now() time.Time { return c.clock.Now() }

// ReadOnly reports whether the provider block permits no change.
func (c *Client) ReadOnly() bool { return c.readOnly }

// ServerNow is the current time by the server's clock, as far as it is known.
func (c *Client) ServerNow() time.Time { return c.serverAt(c.clock.Now()) }

func (c *Client) serverAt(local time.Time) time.Time {
	at, _ := c.server.At(local)
	return at
}
