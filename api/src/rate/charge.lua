-- The same as `bucket::charge`, by the clock of Redis, so that the processes' own need not agree.
-- KEYS: debts, each holding when it is paid, in microseconds. ARGV: the period, 1 for what was used already, and what to
-- add to each.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local fits = 1
local debts = {}
for i, key in ipairs(KEYS) do
  debts[i] = math.max((tonumber(redis.call('GET', key)) or 0) - now, 0)
  if ARGV[2] == '0' and debts[i] + ARGV[i + 2] > tonumber(ARGV[1]) then fits = 0 end
end
if fits == 1 then
  for i, key in ipairs(KEYS) do
    debts[i] = debts[i] + ARGV[i + 2]
    if debts[i] > 0 then
      redis.call('SET', key, string.format('%.0f', now + debts[i]), 'PX', math.ceil(debts[i] / 1000))
    end
  end
end
return {fits, unpack(debts)}
