// Two modules away from the step, and still part of its fingerprint.

export const FACTOR = 100
