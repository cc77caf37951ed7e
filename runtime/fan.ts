// Where a run splits into branches and where they meet: a fan is opened by a foreach or by several targets, and closed by a join.

import type { Artifacts, Pool, Slot } from './artifacts.js'
import { MintmarkError } from './errors.js'
import type { Item } from './workspace.js'

/** What a branch brings to its join. */
export interface Arrival {
  readonly artifacts: Artifacts
  /** The item of the innermost foreach that the branch was in. */
  readonly item: Item | undefined
  /** After a fan of several targets: the branch's last and first step, by which the join may ask for it. */
  readonly names: readonly string[] | undefined
}

export interface Fan {
  /** The step that opened it. */
  readonly opener: string
  /** The first step of each branch; one for all in a foreach. */
  readonly targets: readonly string[]
  /** Artifacts that every branch begins with. */
  readonly artifacts: Artifacts
  readonly outer: Frame | undefined
  readonly count: number
  /** The item of a branch of a foreach; `undefined` for a fan of several targets. */
  readonly itemAt: ((index: number) => Promise<Item>) | undefined
  readonly arrivals: (Arrival | undefined)[]
  arrived: number
  join: string | undefined
}

/** One branch of a fan, and so the place of a task: a chain that leads outward. */
export interface Frame {
  readonly fan: Fan
  readonly index: number
}

export interface FanOptions {
  readonly opener: string
  readonly targets: readonly string[]
  readonly artifacts: Artifacts
  readonly outer: Frame | undefined
  /** The items of a foreach. */
  readonly items: readonly unknown[] | undefined
  readonly pool: Pool
}

export function openFan({ opener, targets, artifacts, outer, items, pool }: FanOptions): Fan {
  const count = items === undefined ? targets.length : items.length
  // A branch that has gone on keeps its item: the join may ask for it.
  const slots: (Slot | undefined)[] = []
  const itemAt = async (index: number): Promise<Item> => {
    slots[index] ??= await pool.write(items?.[index])
    return { slot: slots[index], index }
  }
  return {
    opener,
    targets,
    artifacts,
    outer,
    count,
    itemAt: items === undefined ? undefined : itemAt,
    arrivals: new Array<Arrival | undefined>(count),
    arrived: 0,
    join: undefined,
  }
}

/** The item of the innermost foreach around a place. */
export async function itemOf(frame: Frame | undefined): Promise<Item | undefined> {
  for (let at = frame; at !== undefined; at = at.fan.outer) if (at.fan.itemAt !== undefined) return at.fan.itemAt(at.index)
  return undefined
}

/** `[3.0]`: the branch in each fan from the outermost inward; empty outside of fans. */
export function tellPlace(frame: Frame | undefined): string {
  const path: number[] = []
  for (let at = frame; at !== undefined; at = at.fan.outer) path.unshift(at.index)
  return path.length === 0 ? '' : `[${path.join('.')}]`
}

/** Takes a branch in at its join. True when it was the last one. Errors: MM4022. */
export function arrive({ fan, index }: Frame, join: string, arrival: Arrival): boolean {
  fan.join ??= join
  if (fan.join !== join)
    throw new MintmarkError(
      'MM4022',
      `the branches that \`${fan.opener}\` opened meet in \`${fan.join}\` and in \`${join}\`. Lead all of them to one join.`,
    )
  fan.arrivals[index] = arrival
  fan.arrived++
  return fan.arrived === fan.count
}
