/** The contract of `PostStore`. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { authorCases, changingCases } from './post-store-changes.ts'
import { readingCases } from './post-store-reading.ts'
import type { OpenedPosts } from './posts-kit.ts'

export const postStoreCases = [...readingCases, ...changingCases, ...authorCases]

export function postStoreContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedPosts>,
): void {
  describeCases(name, postStoreCases, open)
}
