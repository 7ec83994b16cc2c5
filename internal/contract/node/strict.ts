// Right and wrong answers. The compiler must find each wrong one: the comment
// above it is an error itself where there is none.
import { type Answer, client } from "./answer.js";

const { projects, groups, certificates, adminAPIKeys, usage } = client.admin.organization;

export const right: Answer<typeof projects.create> = { id: "proj_1", object: "organization.project", created_at: 1, name: null };
// @ts-expect-error a missing field
export const missing: Answer<typeof projects.create> = { object: "organization.project", created_at: 1 };
// @ts-expect-error an unknown field
export const unknown: Answer<typeof projects.create> = { id: "proj_1", object: "organization.project", created_at: 1, color: "red" };
// @ts-expect-error a wrong type
export const type: Answer<typeof projects.create> = { id: "proj_1", object: "organization.project", created_at: "1" };
// @ts-expect-error a name twice
export const twice: Answer<typeof projects.create> = { id: "proj_1", id: "proj_1", object: "organization.project", created_at: 1 };
// @ts-expect-error null
export const none: Answer<typeof projects.create> = { id: null, object: "organization.project", created_at: 1 };
// @ts-expect-error another object
export const object: Answer<typeof projects.create> = { id: "proj_1", object: "project", created_at: 1 };

export const page: Answer<typeof projects.list> = { object: "list", data: [{ id: "proj_1", object: "organization.project", created_at: 1 }], first_id: "proj_1", last_id: null, has_more: false };
// @ts-expect-error a list without the end
export const endless: Answer<typeof projects.list> = { object: "list", data: [], first_id: null, last_id: null };
// @ts-expect-error an unknown field of a list
export const total: Answer<typeof projects.list> = { object: "list", data: [], first_id: null, last_id: null, has_more: false, total: 0 };
// @ts-expect-error an unknown field of an item
export const item: Answer<typeof projects.list> = { object: "list", data: [{ id: "proj_1", object: "organization.project", created_at: 1, color: "red" }], first_id: null, last_id: null, has_more: false };
// @ts-expect-error a list without first_id
export const items: Answer<typeof adminAPIKeys.list> = { object: "list", data: [], last_id: null, has_more: false };

export const next: Answer<typeof groups.list> = { object: "list", data: [], has_more: false, next: null };
// @ts-expect-error the cursors of another kind of list
export const cursors: Answer<typeof groups.list> = { object: "list", data: [], has_more: false, next: null, last_id: null };
export const single: Answer<typeof certificates.activate> = { object: "organization.certificate.activation", data: [] };
// @ts-expect-error a list that has one page
export const paged: Answer<typeof certificates.activate> = { object: "organization.certificate.activation", data: [], has_more: false };

export const bucket: Answer<typeof usage.costs> = { object: "page", has_more: false, next_page: null, data: [{ object: "bucket", start_time: 1, end_time: 2, results: [{ object: "organization.costs.result", amount: { value: 1, currency: "usd" } }] }] };
// @ts-expect-error a field of another kind of usage
export const kind: Answer<typeof usage.costs> = { object: "page", has_more: false, next_page: null, data: [{ object: "bucket", start_time: 1, end_time: 2, results: [{ object: "organization.costs.result", input_tokens: 1 }] }] };
