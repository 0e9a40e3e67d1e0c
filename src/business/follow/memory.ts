import type { Bookmark } from './bookmark.ts'

/** A bookmark in the memory of one process. Nothing waits within a method, hence each is one step. */
export function memoryBookmark(): Bookmark {
  let cursor: string | undefined
  return {
    async read() {
      return cursor
    },
    async move(from, to) {
      if (cursor !== from) return false
      cursor = to
      return true
    },
  }
}
