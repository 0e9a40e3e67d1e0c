/** `/admin/clients`: what `manage-clients.ts` can do, for sessions with the scope `admin`. */
import { type Call, endpoint, nothing } from '../../http/endpoint.ts'
import { mostPerPage, pageQuery, readPage } from '../../http/page.ts'
import { Refusal } from '../../http/refusal.ts'
import { type Route, route } from '../../http/router.ts'
import { boolean, count, listOf, object, optional, text } from '../../http/shape.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { SessionDependencies } from '../check-session.ts'
import { isClientId } from './client-fields.ts'
import type { ClientView } from './client-store.ts'
import type { ManageClients } from './manage-clients.ts'

export interface AdministerClientsDependencies extends SessionDependencies {
  readonly manage: ManageClients
}

const newClient = object({ id: text(), name: text(), scope: text() })
const change = object({ disabled: boolean() })

/** The one time that the secret is told. */
const secretAnswer = object({ id: text(), secret: text() })

const clientAnswer = object({
  id: text(),
  name: text(),
  /** Space-separated. */
  scope: text(),
  disabled: boolean(),
  secret_count: count(),
  /** Unix seconds. */
  created_at: count(),
  updated_at: count(),
})

const pageAnswer = object({
  clients: listOf(clientAnswer, { maxItems: mostPerPage }),
  /** For `after`, to get the next page. Missing on the last one. */
  next: optional(text()),
})

export function clientRoutes(dependencies: AdministerClientsDependencies): readonly Route[] {
  return [
    route('/admin/clients', { GET: listClients(dependencies), POST: createClient(dependencies) }),
    route('/admin/clients/:id', { PATCH: changeClient(dependencies) }),
    route('/admin/clients/:id/secret', { POST: rotateSecret(dependencies) }),
    route('/admin/clients/:id/old-secret', { DELETE: dropOldSecret(dependencies) }),
  ]
}

function listClients(dependencies: AdministerClientsDependencies) {
  return endpoint({
    summary: 'List clients',
    access: 'user',
    refusals: ['insufficient_scope'],
    query: pageQuery,
    answers: { 200: pageAnswer },
  }).handle(async (call) => {
    const management = await managementOf(dependencies, call)
    const { after, limit } = readPage(call)
    if (after !== undefined && !isClientId(after)) {
      throw new Refusal('invalid_request', "The field 'after' must be the id of a client.")
    }
    // One more than is shown says whether there is a next page.
    const found = await management.list({ after, limit: limit + 1 })
    const clients = found.slice(0, limit)
    const next = found.length > limit ? clients.at(-1)?.id : undefined
    return { status: 200, body: { clients: clients.map(toAnswer), next } }
  })
}

function createClient(dependencies: AdministerClientsDependencies) {
  const body = { shape: newClient, formats: ['json'] } as const
  return endpoint({
    summary: 'Make a client, and tell its secret once',
    access: 'user',
    refusals: ['insufficient_scope', 'conflict'],
    body,
    answers: { 201: secretAnswer },
  }).handle(async (call) => {
    const management = await managementOf(dependencies, call)
    const { id, name, scope } = await call.body()
    const secret = await management.create({ id, name, scopes: scope.split(' ') })
    return { status: 201, body: { id, secret } }
  })
}

function changeClient(dependencies: AdministerClientsDependencies) {
  const body = { shape: change, formats: ['json'] } as const
  return endpoint({
    summary: 'Disable or enable a client',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const management = await managementOf(dependencies, call)
    const { disabled } = await call.body()
    const id = call.param('id')
    await management.setDisabled(id, disabled)
    return { status: 204, body: undefined }
  })
}

function rotateSecret(dependencies: AdministerClientsDependencies) {
  return endpoint({
    summary: 'Give a client a new secret beside its old one',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    answers: { 200: secretAnswer },
  }).handle(async (call) => {
    const management = await managementOf(dependencies, call)
    const id = call.param('id')
    const secret = await management.rotateSecret(id)
    return { status: 200, body: { id, secret } }
  })
}

function dropOldSecret(dependencies: AdministerClientsDependencies) {
  return endpoint({
    summary: 'Drop the old secret of a client',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    answers: { 204: nothing },
  }).handle(async (call) => {
    const management = await managementOf(dependencies, call)
    const id = call.param('id')
    await management.dropOldSecret(id)
    return { status: 204, body: undefined }
  })
}

/** What the administrator can do who calls. */
async function managementOf(
  { manage, ...dependencies }: AdministerClientsDependencies,
  call: Call,
) {
  const { sub: actor } = await checkAdministrator(dependencies, call)
  const { requestId, source } = call
  return manage({ requestId, source, actor })
}

function toAnswer({ id, name, scopes, isDisabled, secretCount, ...times }: ClientView) {
  return {
    id,
    name,
    scope: scopes.join(' '),
    disabled: isDisabled,
    secret_count: secretCount,
    created_at: Math.floor(times.createdAt / 1000),
    updated_at: Math.floor(times.updatedAt / 1000),
  }
}
