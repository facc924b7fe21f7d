"""What the jobs do: read and count, add, finish, take out. Every step may be killed and begun again."""
