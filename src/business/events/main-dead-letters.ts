/** Lists and replays the events that could not be folded. */
import { readArgumentsOrExit, runScript } from '../../script.ts'
import { openEventBacking } from '../../storage/open-content.ts'
import type { SoundValuesOf } from '../../variable-kinds.ts'
import { readCommand, usage } from './dead-letter-commands.ts'
import { openEventLog } from './register.ts'
import { eventVariables } from './variables.ts'

const command = readArgumentsOrExit(usage, () => readCommand(process.argv.slice(2)))
const script = {
  name: 'deadLetters',
  programs: ['worker'],
  extensions: [{ variables: eventVariables }],
}
await runScript(script, process.env, async ({ config, log, clock, release }) => {
  const { stores, extensions } = config
  const values = extensions.get(eventVariables) as SoundValuesOf<typeof eventVariables> // as read above
  const { backing, close } = await openEventBacking({ url: stores.events, clock, log })
  release(close)
  const events = await openEventLog({ eventBacking: backing, clock }, values.MAX_EVENTS)
  await command(events, (line) => process.stdout.write(`${line}\n`))
})
