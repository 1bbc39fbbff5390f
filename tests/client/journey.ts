/**
 * What an app does, from the first sign-in to the last. It knows one address, BASE_URL, and asks there for all others;
 * username and password, which a person types, come as arguments.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Api, everyOne, problem, type Schemas, speakTo, told } from "./api.js";
import { renew, signIn, signOut } from "./sign-in.js";

const BASE_URL = process.env["BASE_URL"];
const [, , username, password] = process.argv;
assert(BASE_URL && username && password, "BASE_URL=… node build/journey.js USERNAME PASSWORD");

const config = told(await speakTo(BASE_URL).GET("/api/v1/auth/config"));
let tokens = await signIn(config, { username, password });

await joins(speakTo(BASE_URL, tokens.access_token));
tokens = await renew(config, tokens);
const api = speakTo(BASE_URL, tokens.access_token);
const film = await looksAtAWall(api);
const entry = await recordsIt(api, film);
await changesTheScore(api, entry);
await signOut(config, tokens);

async function joins(api: Api): Promise<void> {
  assert.equal(problem(await api.GET("/api/v1/entries")), "no-account-yet");
  const suggested = told(await api.GET("/api/v1/auth/newcomer"));
  const body = { handle: "eiga_app", display_name: suggested.display_name };
  const joined = told(await api.POST("/api/v1/auth/newcomer", { body }));
  assert.equal(joined.handle, "eiga_app");
  assert.deepEqual(told(await api.GET("/api/v1/entries")), { results: [], next: null });
}

/** To its end, and no film twice; gives the last. */
async function looksAtAWall(api: Api): Promise<Schemas["Film"]> {
  const params = { path: { handle: "hanako" } };
  const wall = told(await api.GET("/api/v1/people/{handle}/wall", { params }));
  const films: Schemas["Film"][] = [];
  for await (const entry of everyOne(api, wall)) films.push(entry.film);
  assert(films.length > wall.results.length, "one page is no paging");
  assert.equal(new Set(films.map((film) => film.id)).size, films.length, "a film came twice");
  return films.at(-1)!;
}

/** Twice, as if the answer to the first time had been lost. */
async function recordsIt(api: Api, film: Schemas["Film"]): Promise<Schemas["Entry"]> {
  const params = { header: { "Idempotency-Key": randomUUID() } };
  const body = { film: film.id, score: 70, watched_on: "2024-11-20" };
  const first = await api.POST("/api/v1/entries", { params, body });
  const again = await api.POST("/api/v1/entries", { params, body });
  assert.deepEqual(told(again), told(first));
  assert.equal(again.response.headers.get("Idempotency-Replayed"), "true");
  const mine = told(await api.GET("/api/v1/entries"));
  assert.deepEqual(mine.results.map((entry) => entry.film.title), [film.title]);
  return told(first);
}

/** And once more from a second screen, which has not heard of it. */
async function changesTheScore(api: Api, entry: Schemas["Entry"]): Promise<void> {
  const path = { id: entry.id };
  const read = await api.GET("/api/v1/entries/{id}", { params: { path } });
  const etag = read.response.headers.get("ETag");
  assert(etag);
  const params = { path, header: { "If-Match": etag } };
  const changed = await api.PATCH("/api/v1/entries/{id}", { params, body: { score: 88 } });
  assert.equal(told(changed).score, 88);
  const stale = await api.PATCH("/api/v1/entries/{id}", { params, body: { score: 12 } });
  assert.equal(problem(stale), "changed-meanwhile");
  assert.equal(told(await api.GET("/api/v1/entries/{id}", { params: { path } })).score, 88);
}
