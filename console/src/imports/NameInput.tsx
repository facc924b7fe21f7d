/** A name that is saved when the typing pauses or the field is left. */
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";

const DELAY_MILLISECONDS = 700;

interface NameInputProps {
  id?: string;
  label?: string;
  value: string;
  length_max: number;
  placeholder?: string;
  onChange: (value: string) => void;
}

export function NameInput({ id, label, value, length_max, placeholder, onChange }: NameInputProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  const composing = useRef(false);
  if (value !== known) {
    setKnown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  const send = (text: string) => {
    window.clearTimeout(timer.current);
    if (text.trim() !== value) onChange(text.trim());
  };
  const sendSoon = (text: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      send(text);
    }, DELAY_MILLISECONDS);
  };
  return (
    <Input
      {...(id ? { id } : {})}
      {...(label ? { "aria-label": label } : {})}
      {...(placeholder ? { placeholder } : {})}
      value={typed}
      maxLength={length_max}
      autoComplete="off"
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        sendSoon(event.currentTarget.value);
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!composing.current) sendSoon(event.target.value);
      }}
      onPressEnter={() => {
        if (!composing.current) send(typed);
      }}
      onBlur={() => {
        send(typed); // at once: the click that took the focus may be the one that goes on
      }}
    />
  );
}
