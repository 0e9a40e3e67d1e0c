/** What scripts that make accounts are called with. */
import { parseArgs } from 'node:util'
import { readArgumentsOrExit } from '../script.ts'
import type { NewUser } from './create-user.ts'

export function readNewUserOrExit(script: string): NewUser {
  const options = { username: { type: 'string' }, name: { type: 'string' } } as const
  return readArgumentsOrExit(`Usage: ${script} --username a@example.com --name 'A Name'`, () => {
    const { username, name } = parseArgs({ options }).values
    return username === undefined || name === undefined ? undefined : { username, name }
  })
}
