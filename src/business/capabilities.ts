/** What business can beside its core. Each line, together with the folder that it names, can be deleted. */
import { docs } from '../docs/register.ts'

import { analytics } from './analytics/register.ts'
import type { BusinessCapability } from './capability.ts'
import { events } from './events/register.ts'
import { follow } from './follow/register.ts'
import { local } from './local/register.ts'
import { posts } from './posts/register.ts'
import { tasks } from './tasks/register.ts'

// biome-ignore format: a line for each
export const capabilities: readonly BusinessCapability[] = [
  local,
  posts,
  docs,
  follow,
  analytics,
  events,
  tasks,
]
