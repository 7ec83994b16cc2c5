// The types that answers are checked with: those of the openai package, and the
// fields that the API reference has and the package omits.
import type OpenAI from "openai";
import type { PermissionCreateResponse } from "openai/resources/fine-tuning/checkpoints/permissions";

export declare const client: OpenAI;

type Method = (...args: never[]) => unknown;

// An any would accept every answer.
type Known<T> = 0 extends 1 & T ? never : T;

// Fields omits the methods of the package's pages, and the request id that the
// package takes from a header.
type Fields<T> = T extends object
  ? { [Name in keyof T as Name extends "_request_id" ? never : T[Name] extends Method ? never : Name]: T[Name] }
  : T;

// The package reads only what leads to the next page. The API reference: lists
// are objects of type list, and first_id and last_id are null in an empty one.
type Cursors = { object: "list"; first_id: string | null; last_id: string | null };

type List<T> = T extends { last_id: string } ? Omit<T, "last_id"> & Cursors
  : T extends { next: string | null } ? T & { object: "list" }
  // The create of permissions answers the same kind of list as their list does.
  : T extends { data: PermissionCreateResponse[]; object: string } ? T & Cursors & { has_more: boolean }
  : T extends { object: string } ? T
  : T & Cursors;

type Sent<T> = T extends { getPaginatedItems: Method } ? List<Fields<T>> : Fields<T>;

// Answer is the JSON that answers a method of the client.
export type Answer<M extends Method> = Sent<Known<Awaited<ReturnType<M>>>>;

declare module "openai/resources/admin/organization/groups/groups" {
  interface Group {
    // In the reference's examples of listing and creating groups.
    object?: "group";
  }
}
