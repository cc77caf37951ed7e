// The flow of the benches: a foreach over so many items, whose step makes 1 kB of text of each and is memoized.

import { memoize, step } from '../../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../../runtime/flow.js'
import { stamped } from '../../test/support/stamps.js'

/** Bytes. */
export const ITEM_BYTES = 1000

export function textOf(item: number): string {
  return String(item).padEnd(ITEM_BYTES, '.')
}

/** Its artifact `length` is the sum of all. Another `salt` finds nothing of this one. */
export function wideFlow(count: number, salt = '') {
  class Wide extends FlowSpec {
    list: number[] = []
    out = ''
    length = 0
    declare input: number
    @step start() {
      this.list = Array.from({ length: count }, (_, index) => index)
      this.next(this.work, { foreach: 'list' })
    }
    @memoize({ salt }) @step work() {
      this.out = textOf(this.input)
      this.next(this.join)
    }
    @step join(inputs: Inputs<Wide>) {
      this.length = inputs.reduce((sum, { out }) => sum + out.length, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Wide, {
    start: { reads: [], next: { targets: ['work'], foreach: 'list' } },
    work: { reads: ['input'], writes: ['out'], next: { targets: ['join'] } },
    join: { joins: true, next: { targets: ['end'] } },
    end: { reads: [] },
  })
}
