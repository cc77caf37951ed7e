// Compiled by `npm run check`, never run: what `this.next` must accept and refuse.

import { FlowSpec, type Inputs } from '../../runtime/flow.js'

export class Accepts extends FlowSpec {
  list: number[] = []
  names = new Set<string>()
  one = 1
  text = 'abc'
  declare input: number

  start() {
    this.next(this.work, { foreach: 'list' })
    this.next(this.work, { foreach: 'names' })
    this.next(this.work)
    this.next(this.work, this.other)
    // @ts-expect-error not a field
    this.next(this.work, { foreach: 'missing' })
    // @ts-expect-error a number has no items
    this.next(this.work, { foreach: 'one' })
    // @ts-expect-error a string is one value
    this.next(this.work, { foreach: 'text' })
    // @ts-expect-error nowhere to go
    this.next()
    // @ts-expect-error a foreach has one target
    this.next(this.work, this.other, { foreach: 'list' })
    // @ts-expect-error a name is not a method
    this.next('work')
    // @ts-expect-error a step takes no number
    this.next(this.helper)
    // @ts-expect-error a field is not a step
    this.next(this.one)
  }

  async work() {
    this.next(this.join)
  }

  other() {
    this.next(this.join)
  }

  join(inputs: readonly Accepts[]) {
    const total: number = inputs.reduce((sum, branch) => sum + branch.one, 0)
    this.one = total
    this.next(this.joinByName)
  }

  joinByName(inputs: Inputs<Accepts>) {
    this.one = inputs.length + inputs.work!.one + inputs[0]!.one
    this.mergeArtifacts(inputs, { exclude: ['one'] })
    // @ts-expect-error not a field
    this.mergeArtifacts(inputs, { exclude: ['missing'] })
  }

  helper(value: number) {
    return value
  }
}

export class Heir extends Accepts {
  more: string[] = []

  override other() {
    this.next(this.work, { foreach: 'more' })
    this.next(this.work, { foreach: 'list' })
  }
}
