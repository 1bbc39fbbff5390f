/** Signing in as a public client does: authorization code with PKCE (RFC 7636), and the address of an app to come back to. */

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { Schemas } from "./api.js";

const SIGNED_IN = "mymovie://signed-in";
const SIGNED_OUT = "mymovie://signed-out";

export type Person = { username: string; password: string };
export type Tokens = { access_token: string; refresh_token?: string };

export async function signIn(config: Schemas["SignIn"], person: Person): Promise<Tokens> {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const asked = addressOf(config.authorization_endpoint, {
    client_id: clientOf(config),
    redirect_uri: SIGNED_IN,
    response_type: "code",
    scope: config.scopes.join(" "),
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const back = await submit(asked, person);
  assert(back.href.startsWith(`${SIGNED_IN}?`), back.href);
  assert.equal(back.searchParams.get("state"), state, "an answer to somebody else's question");
  const code = back.searchParams.get("code");
  assert(code, back.href);
  return exchange(config, { grant_type: "authorization_code", code, redirect_uri: SIGNED_IN, code_verifier: verifier });
}

/** For when the access token has ended. */
export async function renew(config: Schemas["SignIn"], tokens: Tokens): Promise<Tokens> {
  assert(tokens.refresh_token);
  const grant = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
  return { ...tokens, ...(await exchange(config, grant)) };
}

/** Of the app, and of the browser; the local Cognito cannot do the first, which must not keep anybody from the second. */
export async function signOut(config: Schemas["SignIn"], tokens: Tokens): Promise<void> {
  const client_id = clientOf(config);
  const body = new URLSearchParams({ client_id, token: tokens.refresh_token ?? "" });
  await fetch(config.revocation_endpoint, { method: "POST", body });
  const asked = addressOf(config.end_session_endpoint, { client_id, logout_uri: SIGNED_OUT });
  const answer = await fetch(asked, { redirect: "manual" });
  assert.equal(answer.headers.get("Location"), SIGNED_OUT);
}

/** What a person does at the page: fills the form in, and is led away. */
async function submit(address: URL, person: Person): Promise<URL> {
  const page = await (await fetch(address)).text();
  const action = /<form\b[^>]*\baction="([^"]*)"/.exec(page)?.[1];
  assert(action, page);
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const filled = new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value]));
  filled.set("username", person.username);
  filled.set("password", person.password);
  const answer = await fetch(new URL(action, address), { method: "POST", body: filled, redirect: "manual" });
  const back = answer.headers.get("Location");
  assert(back, await answer.text());
  return new URL(back);
}

async function exchange(config: Schemas["SignIn"], grant: Record<string, string>): Promise<Tokens> {
  const body = new URLSearchParams({ client_id: clientOf(config), ...grant });
  const answer = await fetch(config.token_endpoint, { method: "POST", body });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as Tokens;
}

function clientOf(config: Schemas["SignIn"]): string {
  const [ours] = config.client_ids;
  assert(ours, "no app may sign in here");
  return ours;
}

function addressOf(endpoint: string, query: Record<string, string>): URL {
  return new URL(`${endpoint}?${new URLSearchParams(query)}`);
}
