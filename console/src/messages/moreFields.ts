/** Fields that a text may hold where it is written, beside those of every message: of the event that is answered, say. */
import { createContext } from "react";

export interface MoreField {
  name: string;
  label: string;
}

export const MoreFields = createContext<readonly MoreField[]>([]);
