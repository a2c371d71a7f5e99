/** Why a batch is not admitted, with the wire numbers of receipt.proto: stable for ever. */
export const ADMISSION_REASON_CODES = {
  too_large: 1,
  bad_schema: 2,
  unknown_key: 3,
  bad_signature: 4,
  wrong_sender: 5,
  created_in_future: 6,
  too_old: 7,
  rate_exceeded: 8,
  storage_unavailable: 9,
} as const;
export type AdmissionReason = keyof typeof ADMISSION_REASON_CODES;
export const ADMISSION_REASONS = Object.keys(ADMISSION_REASON_CODES) as AdmissionReason[];
