/** The sizes of the captions. The first is the default. */
export const CAPTION_SIZES = ["normal", "large", "largest"] as const;

export type CaptionSize = (typeof CAPTION_SIZES)[number];
