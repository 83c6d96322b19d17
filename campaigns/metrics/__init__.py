"""Figures in: targets, imported orders, daily visitors.

Owns KpiTarget, ImportBatch, Order, DailyFigure; reads campaign and runs; leaves a queued Run for each import.
"""
