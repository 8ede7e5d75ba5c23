"""The training programme as it is run: above the apps whose rows it reads as evidence."""
