/** How refresh families get one flaw each. */
import type { TestContext } from 'node:test'
import type { MemoryFamiliesOptions } from '../../../src/auth/jwt/families-memory.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { type OpenedExactly, openMemoryFamilies } from './families-memory-kit.ts'

export type FamiliesFlaw = Flaw<OpenedExactly>
export type Families = OpenedExactly['families']
type Spoil = (right: Families) => Partial<Families>

export function flaw(what: string, isCaughtBy: string, spoil: Spoil): FamiliesFlaw {
  const open = async (t: TestContext) => {
    const opened = await openMemoryFamilies(t)
    const spoilt = (right: Families) => ({ ...right, ...spoil(right) })
    return { ...opened, families: spoilt(opened.families), brief: spoilt(opened.brief) }
  }
  return { what, isCaughtBy, open }
}

/** One that is told something wrong. */
export function misled(
  what: string,
  isCaughtBy: string,
  options: Partial<MemoryFamiliesOptions>,
): FamiliesFlaw {
  return { what, isCaughtBy, open: (t) => openMemoryFamilies(t, options) }
}
