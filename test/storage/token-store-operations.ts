/** What can befall a token store, for the property test to string together at random. */
import fc from 'fast-check'
import type { Purpose, ReinflatingPurpose } from '../../src/storage/ports.ts'
import { service, session, verifyEmail } from './token-store-kit.ts'

/** Of each flavour one. They live long enough for a run on a real clock. */
export const modelSession: ReinflatingPurpose = { ...session, ttlSeconds: 600, capSeconds: 1_500 }
export const modelPurposes = [modelSession, service, verifyEmail] as const

/** Tokens and subjects go by number: a token's is taken modulo the tokens that there are. */
export type Operation =
  | { readonly act: 'readMarks'; readonly subject: number }
  | IssueOperation
  | { readonly act: 'reinflate'; readonly tokens: readonly number[] }
  | { readonly act: 'peek'; readonly token: number; readonly isUnderItsPurpose: boolean }
  | { readonly act: 'take'; readonly token: number; readonly takers: number }
  | { readonly act: 'revoke'; readonly token: number; readonly isUnderItsPurpose: boolean }
  | {
      readonly act: 'revokeSubject'
      readonly subject: number
      readonly purposes: readonly Purpose[]
    }
  | { readonly act: 'evict'; readonly limit: number }
  | { readonly act: 'step'; readonly milliseconds: number }

export interface IssueOperation {
  readonly act: 'issue'
  readonly subject: number
  readonly purpose: Purpose
  /** Whether the login read its marks just now, or when `readMarks` last came by. */
  readonly hasFreshMark: boolean
}

export const subjects = ['one', 'other', 'client:third'] as const

const subject = fc.nat(subjects.length - 1)
const token = fc.nat(20)
const purpose = fc.constantFrom<Purpose>(...modelPurposes)
const isUnderItsPurpose = fc.oneof(
  { weight: 4, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
)

const issue = fc.record({
  act: fc.constant('issue' as const),
  subject,
  purpose,
  hasFreshMark: isUnderItsPurpose,
})
const reinflate = fc.record({
  act: fc.constant('reinflate' as const),
  tokens: fc.uniqueArray(token, { maxLength: 8 }),
})
const revokeSubject = fc.record({
  act: fc.constant('revokeSubject' as const),
  subject,
  purposes: fc.subarray<Purpose>([...modelPurposes]),
})
const step = fc.record({
  act: fc.constant('step' as const),
  milliseconds: fc.oneof(
    fc.constantFrom(1, 299_999, 300_000, 599_999, 600_000, 900_000, 4_499_999, 5_099_999),
    fc.constantFrom(-1, -300_000, -900_000, -5_100_000),
    fc.integer({ min: -600_000, max: 600_000 }),
  ),
})

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: issue },
  { weight: 6, arbitrary: reinflate },
  { weight: 4, arbitrary: step },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('peek' as const), token, isUnderItsPurpose }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('take' as const),
      token,
      takers: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('revoke' as const), token, isUnderItsPurpose }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('readMarks' as const), subject }) },
  { weight: 1, arbitrary: revokeSubject },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('evict' as const),
      limit: fc.integer({ min: 1, max: 10 }),
    }),
  },
)

export const operations = fc.array(operation, { minLength: 1, maxLength: 60 })
