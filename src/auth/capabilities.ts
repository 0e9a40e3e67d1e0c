/** What auth can beside its core. Each line, together with the folder that it names, can be deleted. */
import type { Capability } from './capability.ts'

export const capabilities: readonly Capability[] = []
