// What only slow native code can tell of an object, asked of many in a row, which takes less time than one by one between other work. Meanwhile the walk
// goes on; it reads nothing but own data, whatever the answers will be.

import { ownsOnlyElements } from './elements.js'

/** Objects that are still to be asked about. The lists keep their lengths: to grow them again would cost what is saved. */
export interface Pending {
  /** Those that were asked about at once. */
  few: number
  arrays: (readonly unknown[])[]
  arrayCount: number
  records: object[]
  recordCount: number
}

/** So many do not wait: most values have no more, and no lists are made for them. */
const FEW = 16
const MOST = 256

export function nonePending(): Pending {
  return { few: 0, arrays: [], arrayCount: 0, records: [], recordCount: 0 }
}

/** False when arrays asked about are known to own more than their elements. */
export function askElements(pending: Pending, array: readonly unknown[]): boolean {
  if (pending.few < FEW) {
    pending.few++
    return ownsOnlyElements(array)
  }
  if (pending.arrays.length === 0) pending.arrays = new Array(MOST)
  pending.arrays[pending.arrayCount++] = array
  return pending.arrayCount < MOST || areArraysBare(pending)
}

/** False when records asked about are known to have symbol keys. */
export function askSymbols(pending: Pending, record: object): boolean {
  if (pending.few < FEW) {
    pending.few++
    return ownsNoSymbols(record)
  }
  if (pending.records.length === 0) pending.records = new Array(MOST)
  pending.records[pending.recordCount++] = record
  return pending.recordCount < MOST || areRecordsBare(pending)
}

/** Whether all that was asked about and not answered yet is as it should be. */
export function areBare(pending: Pending): boolean {
  return areArraysBare(pending) && areRecordsBare(pending)
}

function areArraysBare(pending: Pending): boolean {
  const { arrays, arrayCount } = pending
  pending.arrayCount = 0
  for (let i = 0; i < arrayCount; i++) if (!ownsOnlyElements(arrays[i]!)) return false
  return true
}

function areRecordsBare(pending: Pending): boolean {
  const { records, recordCount } = pending
  pending.recordCount = 0
  for (let i = 0; i < recordCount; i++) if (!ownsNoSymbols(records[i]!)) return false
  return true
}

function ownsNoSymbols(record: object): boolean {
  return Object.getOwnPropertySymbols(record).length === 0
}
