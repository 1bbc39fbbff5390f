/** The API, typed by its own description. */

import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Api = Client<paths> & { follow<T>(link: string): Promise<T> };

type Answer<T> = { data?: T; error?: Schemas["Problem"]; response: Response };
type Page<T> = { results: T[]; next: string | null };

/** Without a token, as somebody whom it does not know. */
export function speakTo(baseUrl: string, token?: string): Api {
  const credentials = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const headers = { "Accept-Language": "en", ...credentials };
  return {
    ...createClient<paths>({ baseUrl, headers }),
    async follow<T>(link: string): Promise<T> {
      assert.equal(new URL(link).origin, new URL(baseUrl).origin, "a token is for nobody else");
      const answer = await fetch(link, { headers });
      assert.equal(answer.status, 200, link);
      return (await answer.json()) as T;
    },
  };
}

export function told<T>({ data, error, response }: Answer<T>): T {
  assert(data !== undefined, `${response.status} from ${response.url}: ${error?.type} (${error?.title})`);
  return data;
}

/** The kind of problem that was answered instead. */
export function problem({ error, response }: Answer<unknown>): string {
  assert(error !== undefined, `${response.status} from ${response.url}, where a problem was expected`);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  assert.equal(error.status, response.status);
  return error.type.replace("urn:mymovie:problem:", "");
}

/** All of a list, whose pages lead to one another. */
export async function* everyOne<T>(api: Api, page: Page<T>): AsyncGenerator<T> {
  yield* page.results;
  while (page.next !== null) {
    page = await api.follow<Page<T>>(page.next);
    assert(page.results.length > 0, "a page that is empty should not have been promised");
    yield* page.results;
  }
}
