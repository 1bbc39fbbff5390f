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
const film = await finds(api, "千と千尋");
const entry = await recordsIt(api, film);
await changesTheScore(api, entry);
await looksAtAWall(api, "hanako");
await follows(api, "hanako");
await signOut(config, tokens);

async function joins(api: Api): Promise<void> {
  assert.equal(problem(await api.GET("/api/v1/entries")), "no-account-yet");
  const suggested = told(await api.GET("/api/v1/auth/newcomer"));
  const body = { handle: "eiga_app", display_name: suggested.display_name };
  const joined = told(await api.POST("/api/v1/auth/newcomer", { body }));
  assert.equal(joined.handle, "eiga_app");
  assert.deepEqual(told(await api.GET("/api/v1/entries")), { results: [], next: null });
}

async function finds(api: Api, title: string): Promise<Schemas["Film"]> {
  const found = told(await api.GET("/api/v1/films", { params: { query: { q: title } } }));
  const film = found.results[0];
  assert(film, `${title} was not found`);
  assert.equal(film.my_entry, null);
  return film;
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

/** To its end, and no film twice. */
async function looksAtAWall(api: Api, handle: string): Promise<void> {
  const wall = told(await api.GET("/api/v1/people/{handle}/wall", { params: { path: { handle } } }));
  const films: Schemas["Film"][] = [];
  for await (const entry of everyOne(api, wall)) films.push(entry.film);
  assert(films.length > wall.results.length, "one page is no paging");
  assert.equal(new Set(films.map((film) => film.id)).size, films.length, "a film came twice");
}

/** Twice, which is one following; and reads what has become of it all. */
async function follows(api: Api, handle: string): Promise<void> {
  const params = { path: { handle } };
  const first = told(await api.PUT("/api/v1/me/following/{handle}", { params }));
  assert.equal(first.follow, "following");
  assert.deepEqual(told(await api.PUT("/api/v1/me/following/{handle}", { params })), first);
  const me = told(await api.GET("/api/v1/me"));
  assert.deepEqual([me.handle, me.films_count, me.following_count], ["eiga_app", 1, 1]);
}
