// The tagged codec, writing raw memory: ArrayBuffer, Buffer, typed arrays, DataView. A view stands for its own window, not for the
// memory around it: a Buffer is a window into a pool that holds other people's bytes. Two objects over the same bytes
// see each other's writes, which copies would not, so they are refused.

import { types } from 'node:util'
import { OWN_PIECE_BYTES } from '../pieces.js'
import { ownsOnlyBytes } from './elements.js'
import { EncodeError, pathOf, typeName } from './refusal.js'
import { putByte, putBytes, putPiece } from './sink.js'
import { TAG, TYPED_ARRAYS } from './tags.js'
import { checkBare, refuse, type Window, type Writing } from './writing.js'

const BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0

export function isMemory(object: object): object is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(object) || types.isAnyArrayBuffer(object)
}

export function putMemory(writing: Writing, object: ArrayBufferView | ArrayBufferLike): void {
  const isView = ArrayBuffer.isView(object)
  const tag = isView ? viewTag(object) : Object.getPrototypeOf(object) === ArrayBuffer.prototype ? TAG.arrayBuffer : undefined
  const memory = isView ? object.buffer : object
  if (types.isSharedArrayBuffer(memory)) refuse(writing, object, 'shared memory changes under the reader')
  if (tag === undefined) refuse(writing, object, 'an instance of a class cannot be rebuilt from data alone')
  if ((memory as { resizable?: boolean }).resizable === true) refuse(writing, object, 'its memory is resizable and would come back fixed')
  if (BIG_ENDIAN && tag >= TAG.typedArray && object.byteLength > 0)
    refuse(writing, object, 'stored elements are little-endian and this machine is not')
  const window = bytesOf(writing, object, memory, isView ? object.byteOffset : 0)
  checkOwn(writing, object, tag)
  if (window.length > 0) {
    const start = window.byteOffset
    writing.windows.push({ memory, start, end: start + window.length, owner: object, path: [...writing.path] })
  }
  putByte(writing.sink, tag)
  if (window.length < OWN_PIECE_BYTES) putBytes(writing.sink, window)
  else putPiece(writing.sink, writing.borrows ? window : new Uint8Array(window))
}

function viewTag(view: ArrayBufferView): number | undefined {
  const proto: unknown = Object.getPrototypeOf(view)
  if (proto === Buffer.prototype) return TAG.buffer
  if (proto === DataView.prototype) return TAG.dataView
  const index = TYPED_ARRAYS.findIndex((type) => type.prototype === proto)
  return index < 0 ? undefined : TAG.typedArray + index
}

function bytesOf(writing: Writing, object: ArrayBufferView | ArrayBufferLike, memory: ArrayBufferLike, offset: number): Uint8Array {
  try {
    return new Uint8Array(memory, offset, object.byteLength)
  } catch {
    return refuse(writing, object, 'its memory was transferred away')
  }
}

function checkOwn(writing: Writing, object: ArrayBufferView | ArrayBufferLike, tag: number): void {
  if (tag === TAG.arrayBuffer || tag === TAG.dataView) return checkBare(writing, object, 0)
  const view = object as Uint8Array
  const { buffer, byteOffset, length } = view
  const twin =
    tag === TAG.buffer
      ? Buffer.from(buffer, byteOffset, length)
      : new TYPED_ARRAYS[tag - TAG.typedArray]!(buffer as ArrayBuffer, byteOffset, length)
  if (!ownsOnlyBytes(view, twin)) refuse(writing, object, 'properties added to a built-in object would be lost')
}

export function checkOverlaps(windows: readonly Window[]): void {
  if (windows.length < 2) return
  const byMemory = new Map<ArrayBufferLike, Window[]>()
  for (const window of windows) {
    const group = byMemory.get(window.memory)
    if (group === undefined) byMemory.set(window.memory, [window])
    else group.push(window)
  }
  for (const group of byMemory.values()) {
    group.sort((a, b) => a.start - b.start)
    for (let i = 1; i < group.length; i++) {
      const [before, after] = [group[i - 1]!, group[i]!]
      if (after.start < before.end) {
        const why = `it shares memory with \`${pathOf(before.path)}\`, and copies would not`
        throw new EncodeError(pathOf(after.path), typeName(after.owner), why)
      }
    }
  }
}
