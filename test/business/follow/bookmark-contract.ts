/** The contract of `Bookmark`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Bookmark } from '../../../src/business/follow/bookmark.ts'
import { type Case, describeCases, hostileTexts } from '../../storage/contract.ts'

export const bookmarkCases: readonly Case<Bookmark>[] = [
  {
    sentence: 'is nowhere until somebody begins',
    run: async (bookmark) => {
      assert.equal(await bookmark.read(), undefined)
    },
  },
  {
    sentence: 'is where it was moved',
    run: async (bookmark) => {
      assert.equal(await bookmark.move(undefined, 'a.1'), true)
      assert.equal(await bookmark.read(), 'a.1')
      assert.equal(await bookmark.move('a.1', 'a.2'), true)
      assert.equal(await bookmark.read(), 'a.2')
    },
  },
  {
    sentence: 'begins once',
    run: async (bookmark) => {
      await bookmark.move(undefined, 'a.1')

      assert.equal(await bookmark.move(undefined, 'a.2'), false)
      assert.equal(await bookmark.read(), 'a.1')
    },
  },
  {
    sentence: 'is not moved from where it is not',
    run: async (bookmark) => {
      const early = await bookmark.move('a.1', 'a.2')
      await bookmark.move(undefined, 'a.5')

      assert.deepEqual([early, await bookmark.move('a.1', 'a.2')], [false, false])
      assert.equal(await bookmark.read(), 'a.5')
    },
  },
  {
    sentence: 'is moved by one of 16 who move it from the same place',
    run: async (bookmark) => {
      await bookmark.move(undefined, 'start')
      const places = Array.from({ length: 16 }, (_, index) => `a.${index}`)

      const moved = await Promise.all(places.map((place) => bookmark.move('start', place)))

      const winners = places.filter((_, index) => moved[index])
      assert.deepEqual([await bookmark.read()], winners)
    },
  },
  {
    sentence: 'is put somewhere by one of 16 who begin',
    run: async (bookmark) => {
      const places = Array.from({ length: 16 }, (_, index) => `a.${index}`)

      const moved = await Promise.all(places.map((place) => bookmark.move(undefined, place)))

      const winners = places.filter((_, index) => moved[index])
      assert.deepEqual([await bookmark.read()], winners)
    },
  },
  ...hostileTexts.map(([what, text]) => ({
    sentence: `is where it was moved, though the cursor has ${what} in it`,
    run: async (bookmark: Bookmark) => {
      await bookmark.move(undefined, text)
      const found = await bookmark.read()
      const isMoved = await bookmark.move(text, 'a.1')

      assert.deepEqual([found, isMoved], [text, true])
    },
  })),
]

export function bookmarkContract(name: string, open: (t: TestContext) => Promise<Bookmark>): void {
  describeCases(name, bookmarkCases, open)
}
