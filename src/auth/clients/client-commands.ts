/** What can be done with clients by hand: from the arguments of a program to what it does and prints. */
import { parseArgs } from 'node:util'
import { mostPerPage } from '../../http/page.ts'
import type { ClientView } from './client-store.ts'
import type { ClientManagement } from './manage-clients.ts'

export type Command = (management: ClientManagement, print: (line: string) => void) => Promise<void>

export const usage = `Usage: createClient --id reports --name 'Reports' --scope tokens:validate [--scope …]
       manageClient list
       manageClient rotate|drop-old-secret|disable|enable reports`

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  scope: { type: 'string', multiple: true },
} as const

/** `undefined` where the arguments are not as `usage` has them. */
export function readCommand(args: readonly string[]): Command | undefined {
  const [verb = '', ...others] = args
  if (verb === 'create') return readCreate(others)
  if (verb === 'list') return others.length === 0 ? list : undefined
  const [id, ...surplus] = others
  if (id === undefined || surplus.length > 0) return undefined
  return commandsOf(id).get(verb)
}

function readCreate(args: readonly string[]): Command | undefined {
  try {
    const { id, name, scope } = parseArgs({ options, args: [...args] }).values
    if (id === undefined || name === undefined || scope === undefined) return undefined
    return async (management, print) => {
      const secret = await management.create({ id, name, scopes: scope })
      print(`${id} ${secret}`)
    }
  } catch {
    return undefined
  }
}

function commandsOf(id: string): ReadonlyMap<string, Command> {
  return new Map<string, Command>([
    ['rotate', async (management, print) => print(`${id} ${await management.rotateSecret(id)}`)],
    ['drop-old-secret', (management) => management.dropOldSecret(id)],
    ['disable', (management) => management.setDisabled(id, true)],
    ['enable', (management) => management.setDisabled(id, false)],
  ])
}

async function list(management: ClientManagement, print: (line: string) => void): Promise<void> {
  let after: string | undefined
  do {
    const page = await management.list({ after, limit: mostPerPage })
    for (const client of page) print(lineOf(client))
    after = page.length === mostPerPage ? page.at(-1)?.id : undefined
  } while (after !== undefined)
}

function lineOf({ id, isDisabled, secretCount, scopes, name }: ClientView): string {
  const state = isDisabled ? 'disabled' : 'enabled'
  const secrets = secretCount === 1 ? '1 secret' : `${secretCount} secrets`
  return [id, state, secrets, scopes.join(' '), name].join('\t')
}
