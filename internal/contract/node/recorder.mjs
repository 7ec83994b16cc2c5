// The methods of the openai package's resources, and the answers to them.
import { APIResource } from "openai/core/resource";

// methods are those of a resource and of all resources below it. They are read
// from the objects, so that those of a newer package occur.
function* methods(resource, path) {
  for (let type = Object.getPrototypeOf(resource); type !== APIResource.prototype; type = Object.getPrototypeOf(type)) {
    for (const name of Object.getOwnPropertyNames(type)) {
      if (name !== "constructor") yield { resource, name, path: `${path}.${name}` };
    }
  }
  for (const [name, below] of Object.entries(resource)) {
    if (below instanceof APIResource) yield* methods(below, `${path}.${name}`);
  }
}

// Recorder records which methods are called, and what the server answers. It
// takes one call after the other: a page belongs to the last call.
export class Recorder {
  // calls has the number of calls of each method, by the method's path in the
  // client, such as admin.organization.projects.create.
  calls = new Map();
  // answers are the bodies of the successful answers.
  answers = [];
  #current;

  // fetch is the client's option of this name.
  fetch = async (url, init) => {
    const method = this.#current;
    const response = await fetch(url, init);
    if (response.ok) {
      this.answers.push({ method, request: `${init.method.toUpperCase()} ${new URL(url).pathname}`, body: await response.clone().text() });
    }
    return response;
  };

  // watch records the calls of a resource of a client.
  watch(resource, path) {
    for (const { resource: owner, name, path: method } of methods(resource, path)) {
      const call = owner[name];
      this.calls.set(method, 0);
      owner[name] = (...args) => {
        this.#current = method;
        this.calls.set(method, this.calls.get(method) + 1);
        return call.apply(owner, args);
      };
    }
  }
}
