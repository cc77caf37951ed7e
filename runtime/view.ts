// What a join sees of a branch: a flow that can only be read. Its artifacts are decoded when they are read.

import type { Artifacts, Bytes, Slot } from './artifacts.js'
import { readSlot } from './artifacts.js'
import type { FlowSpec } from './flow.js'
import type { Item } from './workspace.js'

const BRANCH = Symbol('branch')

interface Branch {
  readonly artifacts: Artifacts
  readonly item: Item | undefined
  readonly bytes: Bytes
  readonly values: Map<string, unknown>
}

interface View {
  readonly [BRANCH]: Branch
}

/** Makes views of the flow with this prototype; branches with the same artifact names share their accessors. `onRead` hears of what is read, also of `input` and `index` where there is an item. */
export function viewMaker(
  prototype: object,
  bytes: Bytes,
  onRead: (name: string) => void,
): (artifacts: Artifacts, item: Item | undefined) => FlowSpec {
  const shapes = new Map<string, object>()
  return (artifacts, item) => {
    const names = Object.keys(artifacts)
    const shape = names.join('\n')
    let accessors = shapes.get(shape)
    if (accessors === undefined) {
      accessors = Object.create(prototype, {
        ...Object.fromEntries(names.map((name) => [name, reader(name, (branch) => branch.artifacts[name], onRead)])),
        input: reader('input', (branch) => branch.item?.slot, onRead),
        index: {
          get(this: View) {
            const { item } = this[BRANCH]
            if (item !== undefined) onRead('index')
            return item?.index
          },
        },
      }) as object
      shapes.set(shape, accessors)
    }
    const branch: Branch = { artifacts, item, bytes, values: new Map() }
    return Object.create(accessors, { [BRANCH]: { value: branch } })
  }
}

/** The artifacts behind a view; `undefined` for anything else. */
export function branchOf(value: unknown): Artifacts | undefined {
  return typeof value === 'object' && value !== null && BRANCH in value ? (value as View)[BRANCH].artifacts : undefined
}

function reader(name: string, slotOf: (branch: Branch) => Slot | undefined, onRead: (name: string) => void): PropertyDescriptor {
  return {
    enumerable: true,
    get(this: View) {
      const branch = this[BRANCH]
      if (branch.values.has(name)) return branch.values.get(name)
      const slot = slotOf(branch)
      if (slot !== undefined) onRead(name)
      const value = slot === undefined ? undefined : readSlot(slot, branch.bytes)
      branch.values.set(name, value)
      return value
    },
  }
}
