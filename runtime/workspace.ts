// The flow instance of one task: its artifacts appear as fields that are decoded when they are read, and what the task wrote is told
// afterwards: assigned, changed in place, added or deleted.

import type { Artifacts, Bytes, Slot } from './artifacts.js'
import { isLive, isMutable, readSlot } from './artifacts.js'
import { attachTask, type FlowSpec, type TaskContext } from './flow.js'

/** Fields that are the task's own and never artifacts. */
export const RESERVED: ReadonlySet<string> = new Set(['input', 'index', 'attempt'])

export interface Item {
  readonly slot: Slot
  readonly index: number
}

/** `set`: a value was assigned, or an artifact deleted, which counts as `undefined`. `taken`: a slot as it is. `read`: it may have been changed in place. */
export type Trace =
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'taken'; readonly slot: Slot }
  | { readonly kind: 'read'; readonly value: unknown; readonly slot: Slot }

/** What one task found and left in its instance. */
export interface Workspace {
  readonly flow: FlowSpec
  /** Names whose inherited value was read, `input` and `index` among them. */
  readonly reads: ReadonlySet<string>
  /** Gives the flow an artifact, as if it had been assigned, unless the task has assigned one itself. */
  take(name: string, slot: Slot): void
  /** True when the task has assigned the artifact. */
  hasSet(name: string): boolean
  /** What the task did to its artifacts, by name; the ones left alone are not in it. */
  traces(): Map<string, Trace>
}

interface Cell {
  slot: Slot
  state: 'untouched' | 'read' | 'set'
  taken: boolean
  value: unknown
  readonly get: () => unknown
}

export interface Furnishing {
  readonly create: () => FlowSpec
  readonly artifacts: Artifacts
  readonly bytes: Bytes
  readonly item: Item | undefined
  readonly attempt: number
  readonly task: TaskContext
}

export function furnish({ create, artifacts, bytes, item, attempt, task }: Furnishing): Workspace {
  const flow = create()
  const reads = new Set<string>()
  const cells = new Map<string, Cell>()
  const local = new Map<string, unknown>(Object.entries(flow).filter(([name]) => !Object.hasOwn(artifacts, name)))
  attachTask(flow, task)
  for (const name in artifacts) hang(name, artifacts[name] as Slot, false)
  hangItem()
  Object.defineProperty(flow, 'attempt', { value: attempt, configurable: true })
  return {
    flow,
    reads,
    take(name, slot) {
      const cell = cells.get(name)
      if (cell === undefined) hang(name, slot, true)
      else if (cell.state !== 'set') Object.assign(cell, { slot, state: 'untouched', taken: true })
    },
    hasSet: (name) => cells.get(name)?.state === 'set' || added().has(name),
    traces,
  }

  function hang(name: string, slot: Slot, taken: boolean): void {
    const cell: Cell = {
      slot,
      state: 'untouched',
      taken,
      value: undefined,
      get: () => {
        if (cell.state === 'untouched') {
          cell.value = readSlot(cell.slot, bytes)
          cell.state = 'read'
          if (!cell.taken) reads.add(name)
        }
        return cell.value
      },
    }
    const set = (value: unknown) => {
      cell.value = value
      cell.state = 'set'
    }
    Object.defineProperty(flow, name, { get: cell.get, set, enumerable: true, configurable: true })
    cells.set(name, cell)
  }

  function hangItem(): void {
    let value: { it: unknown } | undefined
    const input = () => {
      if (item === undefined) return undefined
      reads.add('input')
      value ??= { it: readSlot(item.slot, bytes) }
      return value.it
    }
    const index = () => {
      if (item !== undefined) reads.add('index')
      return item?.index
    }
    Object.defineProperty(flow, 'input', { get: input, enumerable: false, configurable: true })
    Object.defineProperty(flow, 'index', { get: index, enumerable: false, configurable: true })
  }

  /** Fields that came to the instance by assignment and are no artifacts yet. */
  function added(): Map<string, unknown> {
    const found = new Map<string, unknown>()
    for (const name of Object.keys(flow)) {
      if (cells.has(name) || RESERVED.has(name)) continue
      const { value } = Object.getOwnPropertyDescriptor(flow, name) ?? {}
      if (!local.has(name) || !Object.is(local.get(name), value)) found.set(name, value)
    }
    return found
  }

  function traces(): Map<string, Trace> {
    const found = new Map<string, Trace>()
    for (const [name, cell] of cells) {
      const at = Object.getOwnPropertyDescriptor(flow, name)
      if (at?.get !== cell.get) found.set(name, { kind: 'set', value: at?.value })
      else if (cell.state === 'set') found.set(name, { kind: 'set', value: cell.value })
      else if (cell.state === 'read' && isMutable(cell.value) && !isLive(cell.slot))
        found.set(name, cell.taken ? { kind: 'set', value: cell.value } : { kind: 'read', value: cell.value, slot: cell.slot })
      else if (cell.taken) found.set(name, { kind: 'taken', slot: cell.slot })
    }
    for (const [name, value] of added()) found.set(name, { kind: 'set', value })
    return found
  }
}
