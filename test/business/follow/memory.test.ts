import { memoryBookmark } from '../../../src/business/follow/memory.ts'
import { bookmarkContract } from './bookmark-contract.ts'

bookmarkContract('a bookmark in memory', async () => memoryBookmark())
