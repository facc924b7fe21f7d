"""QQ, through a program that speaks OneBot 11 (NapCat, LLOneBot, Lagrange and others): github.com/botuniverse/onebot-11."""
