import { describe } from 'node:test'
import type { Bookmark } from '../../../src/business/follow/bookmark.ts'
import { memoryBookmark } from '../../../src/business/follow/memory.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { bookmarkCases } from './bookmark-contract.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: Bookmark) => Partial<Bookmark>,
): Flaw<Bookmark> {
  const open = async () => {
    const right = memoryBookmark()
    return { ...right, ...spoil(right) }
  }
  return { what, isCaughtBy, open }
}

const flaws = [
  flaw('begins by itself', 'is nowhere until somebody begins', (right) => ({
    read: async () => (await right.read()) ?? 'a.0',
  })),
  flaw('moves nothing', 'is where it was moved', () => ({ move: async () => true })),
  flaw('begins again where it stands', 'begins once', (right) => ({
    move: async (from, to) => right.move(from ?? (await right.read()), to),
  })),
  flaw('says that it was moved where it was not', 'begins once', (right) => ({
    move: async (from, to) => {
      await right.move(from, to)
      return true
    },
  })),
  flaw('is moved from wherever it is', 'is not moved from where it is not', (right) => ({
    move: async (from, to) => right.move(from === undefined ? from : await right.read(), to),
  })),
  flaw('begins where it is to be moved', 'is not moved from where it is not', (right) => ({
    move: async (from, to) => right.move((await right.read()) === undefined ? undefined : from, to),
  })),
  flaw(
    'looks first and moves then',
    'is moved by one of 16 who move it from the same place',
    (right) => ({
      move: async (from, to) => {
        const at = await right.read()
        await new Promise(setImmediate)
        return at === from && (await right.move(await right.read(), to))
      },
    }),
  ),
  flaw('looks first and begins then', 'is put somewhere by one of 16 who begin', (right) => ({
    move: async (from, to) => {
      const at = await right.read()
      await new Promise(setImmediate)
      return at === from && (await right.move(await right.read(), to))
    },
  })),
  flaw(
    'forgets the spaces at the ends',
    'is where it was moved, though the cursor has a space at either end in it',
    (right) => ({ move: (from, to) => right.move(from?.trim(), to.trim()) }),
  ),
]

describe('the contract of bookmarks', () => {
  for (const one of flaws) itNotices(one, bookmarkCases)
})
