"""mingcha bench statistics: the engine against svy, R survey and plain numpy, numbers checked
equal before timing.
"""
