/**
 * What compose.yaml says, as far as the tests ask. It is read by its indentation and not by a parser of YAML, which would
 * be a dependency for one file: it is kept as simple as this needs.
 */
import { readFileSync } from 'node:fs'

const text = readFileSync('compose.yaml', 'utf8')

/** The names under a top-level key. */
export function namesUnder(section: string): string[] {
  return [...blocksOf(sectionOf(section), 2).keys()]
}

/** The lines of a service, after those that it takes over from others and does not say itself. */
export function serviceOf(name: string): ReadonlyMap<string, string> {
  const block = blocksOf(sectionOf('services'), 2).get(name)
  if (block === undefined) throw new TypeError(`compose.yaml has no service ${name}`)
  return resolve(block)
}

/** The environment that a service gets. */
export function environmentOf(service: string): Record<string, string> {
  const lines = serviceOf(service).get('environment')?.split('\n').slice(1) ?? []
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^ {6}(\w+): (.*)$/.exec(line) ?? []
      return name === undefined || value === undefined
        ? []
        : [[name, value.replace(/^'(.*)'$/, '$1')]]
    }),
  )
}

/** The names in a list, whichever way it is written. */
export function listOf(service: string, key: string): string[] {
  const value = serviceOf(service).get(key) ?? ''
  const inline = /\[(.*)\]/.exec(value)?.[1]
  if (inline !== undefined) return inline.split(',').map((one) => one.trim().replaceAll("'", ''))
  return [...value.matchAll(/^ {6}(?:- )?(\S+?):?(?: .*)?$/gm)].map(([, one = '']) => one)
}

function sectionOf(name: string): string {
  return new RegExp(`^${name}:.*\n((?: .*\n|\n)*)`, 'm').exec(text)?.[1] ?? ''
}

/** Each key of this indentation, with all its lines. */
function blocksOf(lines: string, indentation: number): Map<string, string> {
  const space = ' '.repeat(indentation)
  const pattern = new RegExp(`^${space}([\\w.<-]+):.*\n(?:${space} .*\n|\n)*`, 'gm')
  return new Map(
    [...lines.matchAll(pattern)].map(([block, name = '']) => [name, block.trimEnd()] as const),
  )
}

function resolve(block: string): Map<string, string> {
  const own = blocksOf(`${block.slice(block.indexOf('\n') + 1)}\n`, 4)
  const anchor = /\*(\w+)/.exec(own.get('<<') ?? '')?.[1]
  if (anchor === undefined) return own
  const anchored = new RegExp(`^( *)[\\w-]+: &${anchor}\n(?:\\1 .*\n|\n)*`, 'm').exec(text)
  if (anchored === null) throw new TypeError(`compose.yaml has no anchor ${anchor}`)
  const [lines, outer = ''] = anchored
  const indented = outer === '' ? lines.replace(/^/gm, '  ') : lines
  return new Map([...resolve(indented.trimEnd()), ...own])
}
