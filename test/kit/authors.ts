/** People who write posts and vote at a real business. */
import assert from 'node:assert/strict'
import { callAt } from './auth-calls.ts'
import { type Person, register, somebody } from './people.ts'
import { logIn } from './servers.ts'

export interface Member extends Person {
  readonly id: string
  readonly session: string
}

/** Registered and logged in, where registration is open. */
export async function join(authUrl: string): Promise<Member> {
  const person = somebody()
  const id = await register(authUrl, person)
  return { ...person, id, session: await logIn(authUrl, person) }
}

/** Resolves with the id of the post. */
export async function writePost(businessUrl: string, token: string): Promise<string> {
  const json = { title: 'A title', content: 'Some content.' }
  const { status, body } = await callAt(`${businessUrl}/posts`, 'POST', { token, json })
  assert.equal(status, 201, JSON.stringify(body))
  return String(body.id)
}

export async function like(businessUrl: string, token: string, post: string): Promise<void> {
  const json = { value: 'like' }
  const url = `${businessUrl}/posts/${post}/vote`
  const { status, body } = await callAt(url, 'PUT', { token, json })
  assert.equal(status, 202, JSON.stringify(body))
}

export interface ShownPost {
  readonly author: { readonly id: string; readonly name: string | null } | null
  readonly likes: number
}

export async function showPost(businessUrl: string, token: string, post: string) {
  const { status, body } = await callAt(`${businessUrl}/posts/${post}`, 'GET', { token })
  assert.equal(status, 200, JSON.stringify(body))
  return body as unknown as ShownPost // as posts declare it
}
