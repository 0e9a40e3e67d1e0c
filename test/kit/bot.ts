/** The bot as a process. */
import type { TestContext } from 'node:test'
import { spawnScript } from './processes.ts'

export interface BotRun {
  /** Everything that it wrote so far. */
  output(): string
  /** What a row of its table says. */
  readonly row: (name: string) => string | undefined
  /** Has it stop voting, and compare. */
  enough(): void
  /** Resolves when it has ended, with its code. */
  readonly ended: Promise<number | null>
}

export type BotNumbers = Readonly<
  Partial<Record<'users' | 'posts' | 'votes' | 'concurrency' | 'seed' | 'patience', number>>
>

export function startBot(
  t: TestContext,
  urls: { readonly auth: string; readonly business: string },
  numbers: BotNumbers = {},
  more: readonly string[] = [],
): BotRun {
  const options = Object.entries({ ...urls, ...numbers })
  const args = options.flatMap(([name, value]) => [`--${name}`, String(value)])
  return startBotWith(t, [...args, ...more])
}

export function startBotWith(t: TestContext, args: readonly string[]): BotRun {
  const { child, output, signal, ended } = spawnScript('../../src/bot/main-bot.js', {}, args)
  t.after(() => void child.kill('SIGKILL'))
  return {
    output,
    row: (name) => new RegExp(`^${name} +(.*)$`, 'm').exec(output())?.[1],
    enough: () => signal('SIGINT'),
    ended: ended.then(({ code }) => code),
  }
}
