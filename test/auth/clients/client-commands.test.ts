import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCommand } from '../../../src/auth/clients/client-commands.ts'
import {
  type ClientManagementDependencies,
  manageClients,
} from '../../../src/auth/clients/manage-clients.ts'
import { memoryClientStore } from '../../../src/auth/clients/memory.ts'
import { configuredClients, sha256 } from '../../../src/auth/clients.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { Refusal, unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { testClient } from '../../kit/servers.ts'

const creating = ['create', '--id', 'reports', '--name', 'Reports', '--scope', 'tokens:validate']

/** Runs commands on a store of their own. */
function setUp({ endTokens }: Partial<ClientManagementDependencies> = {}) {
  const store = memoryClientStore(manualClock())
  const ended: string[] = []
  const events: SecurityEvent[] = []
  const manage = manageClients({
    store,
    clients: configuredClients([{ ...testClient, scopes: [] }]),
    endTokens: endTokens ?? (async ({ id }) => void ended.push(id)),
    report: (event) => void events.push(event),
  })
  return {
    store,
    ended,
    events,
    /** What was printed. */
    run: async (...args: readonly string[]) => {
      const printed: string[] = []
      const command = readCommand(args)
      assert.ok(command !== undefined, 'the arguments are not understood')
      await command(
        manage({ requestId: 'run', source: 'unknown' }),
        (line) => void printed.push(line),
      )
      return printed
    },
  }
}

describe('a command about clients', () => {
  it('makes a client with as many scopes as are named, and prints id and secret', async () => {
    const { store, run } = setUp()

    const printed = await run(...creating, '--scope', 'accounts:events')

    const [line = ''] = printed
    assert.equal(printed.length, 1)
    assert.match(line, /^reports [\w-]{43}$/)
    const secretHashes = [sha256(line.slice('reports '.length))]
    const scopes = ['tokens:validate', 'accounts:events']
    assert.deepEqual(await store.find('reports'), { id: 'reports', scopes, secretHashes })
  })

  it('makes no client whose id is taken or configured, or that cannot be one', async () => {
    const { store, run } = setUp()
    await run(...creating)
    const before = await store.list({ after: undefined, limit: 10 })
    const refusal = (code: string) => (error: unknown) =>
      error instanceof Refusal && error.code === code

    await assert.rejects(run(...creating), refusal('conflict'))
    await assert.rejects(run(...creating, '--id', testClient.id), refusal('conflict'))
    await assert.rejects(run(...creating, '--id', 'a:b'), refusal('invalid_request'))
    await assert.rejects(run(...creating, '--scope', 'one two'), refusal('invalid_request'))

    assert.deepEqual(await store.list({ after: undefined, limit: 10 }), before)
  })

  it('rotates a secret and drops the old one', async () => {
    const { store, run } = setUp()
    await run(...creating)

    const [line = ''] = await run('rotate', 'reports')
    const whileTwo = (await store.find('reports'))?.secretHashes.length
    const printed = await run('drop-old-secret', 'reports')

    assert.match(line, /^reports [\w-]{43}$/)
    assert.equal(whileTwo, 2)
    assert.deepEqual(printed, [])
    const secretHashes = [sha256(line.slice('reports '.length))]
    assert.deepEqual((await store.find('reports'))?.secretHashes, secretHashes)
  })

  it('disables a client and ends its tokens after, and ends none when it enables', async () => {
    const { store, run, ended } = setUp()
    await run(...creating)

    assert.deepEqual(await run('disable', 'reports'), [])
    const whileDisabled = await store.find('reports')
    const endedBy = [...ended]
    assert.deepEqual(await run('enable', 'reports'), [])

    assert.equal(whileDisabled, undefined)
    assert.deepEqual([endedBy, ended], [['reports'], ['reports']])
    assert.notEqual(await store.find('reports'), undefined)
  })

  it('changes nobody who is not there', async () => {
    const { run, ended } = setUp()
    const refusal = (error: unknown) => error instanceof Refusal && error.code === 'not_found'

    for (const verb of ['rotate', 'drop-old-secret', 'disable', 'enable'])
      await assert.rejects(run(verb, 'reports'), refusal)

    assert.deepEqual(ended, [])
  })

  it('is reported where it changed something, without a secret', async () => {
    const { run, events } = setUp()
    const about = { requestId: 'run', source: 'unknown', sub: 'client:reports' }

    await run(...creating)
    for (const verb of ['rotate', 'drop-old-secret', 'disable', 'enable'])
      await run(verb, 'reports')
    await run('list')
    await assert.rejects(run(...creating))
    await assert.rejects(run('disable', 'nobody'))

    assert.deepEqual(events, [
      { type: 'client_created', ...about, details: { scope: 'tokens:validate' } },
      { type: 'client_secret_rotated', ...about },
      { type: 'client_old_secret_dropped', ...about },
      { type: 'client_disabled', ...about },
      { type: 'client_enabled', ...about },
    ])
  })

  it('is reported though the tokens of a client that is disabled could not be ended', async () => {
    const endTokens = async () => await Promise.reject(unavailable('Not now.'))
    const { run, events } = setUp({ endTokens })
    await run(...creating)

    await assert.rejects(run('disable', 'reports'))

    assert.equal(events.at(-1)?.type, 'client_disabled')
  })

  it('lists what there is to each client but its secrets', async () => {
    const { run } = setUp()
    await run(...creating, '--scope', 'accounts:events')
    await run('create', '--id', 'other', '--name', 'Other', '--scope', 'one')
    await run('rotate', 'other')
    await run('disable', 'other')

    assert.deepEqual(await run('list'), [
      'other\tdisabled\t2 secrets\tone\tOther',
      'reports\tenabled\t1 secret\ttokens:validate accounts:events\tReports',
    ])
  })

  it('lists all clients, also where they are more than a page', async () => {
    const { run } = setUp()
    const ids = Array.from({ length: 200 }, (_, index) => `client-${1_000 + index}`)
    for (const id of ids) await run(...creating, '--id', id)

    const listed = (await run('list')).map((line) => line.split('\t')[0])

    assert.deepEqual(listed, ids)
  })

  it('is not understood where something is missing, unknown or too much', () => {
    const wrong = [
      [],
      ['delete', 'reports'],
      ['list', 'reports'],
      ['rotate'],
      ['rotate', 'one', 'two'],
      ['constructor', 'reports'],
      ['create'],
      creating.slice(0, -2),
      ['create', '--name', 'Reports', '--scope', 'one'],
      ['create', '--id', 'reports', '--scope', 'one'],
      [...creating, 'more'],
      [...creating, '--secret', 'mine'],
    ]

    assert.deepEqual(
      wrong.filter((args) => readCommand(args) !== undefined),
      [],
    )
  })
})
