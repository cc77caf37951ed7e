// A set of SHA-256 digests, 32 bytes each in one piece of memory: a million of them take 64 MB, where strings would take three times that.

export interface DigestSet {
  readonly size: number
  /** True when it was not there yet. Takes 64 hex digits, like `has`. */
  add(digest: string): boolean
  has(digest: string): boolean
}

const BYTES = 32

export function openDigestSet(): DigestSet {
  let capacity = 1024
  let slots = Buffer.alloc(capacity * BYTES)
  // All zeros mark an empty slot, so that one digest needs a place of its own.
  let hasZeros = false
  let size = 0

  /** The place of the digest, or the empty one where it belongs. Digests are random, so their first bytes are as good as any hash. */
  function placeOf(digest: Buffer): number {
    let at = digest.readUInt32LE(0) % capacity
    while (!isEmpty(at) && slots.compare(digest, 0, BYTES, at * BYTES, at * BYTES + BYTES) !== 0) at = (at + 1) % capacity
    return at
  }

  function isEmpty(at: number): boolean {
    for (let i = at * BYTES; i < at * BYTES + BYTES; i += 4) if (slots.readInt32LE(i) !== 0) return false
    return true
  }

  function grow(): void {
    const old = slots
    capacity *= 2
    slots = Buffer.alloc(capacity * BYTES)
    for (let i = 0; i < old.length; i += BYTES) {
      const digest = old.subarray(i, i + BYTES)
      if (!digest.equals(ZEROS)) digest.copy(slots, placeOf(digest) * BYTES)
    }
  }

  return {
    get size() {
      return size
    },

    add(hex) {
      const digest = Buffer.from(hex, 'hex')
      if (digest.equals(ZEROS)) {
        if (hasZeros) return false
        hasZeros = true
        size++
        return true
      }
      if (size * 2 >= capacity) grow()
      const at = placeOf(digest)
      if (!isEmpty(at)) return false
      digest.copy(slots, at * BYTES)
      size++
      return true
    },

    has(hex) {
      const digest = Buffer.from(hex, 'hex')
      return digest.equals(ZEROS) ? hasZeros : !isEmpty(placeOf(digest))
    },
  }
}

const ZEROS = Buffer.alloc(BYTES)
