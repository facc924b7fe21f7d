"""Running the product: health, figures, system status, backup."""
