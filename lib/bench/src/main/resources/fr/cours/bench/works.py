# Les travaux mesurés, écrits pour PyTorch : du TorchScript, tel que le module le met dans une archive que DJL charge.
# D'où les noms entiers : « torch. » devant une opération, « __torch__. » devant ce qui est défini ici.

def heads(x: Tensor, h: int) -> Tensor:
  return x.view([x.size(0), x.size(1), h, x.size(2) // h]).transpose(1, 2)

def attend(q: Tensor, k: Tensor, v: Tensor, hidden: Optional[Tensor]) -> List[Tensor]:
  s = torch.matmul(q, k.transpose(-2, -1)) * (1.0 / torch.sqrt(q.size(-1)))
  if hidden is not None:
    s1 = torch.masked_fill(s, hidden, -1e30)
  else:
    s1 = s
  w = torch.softmax(s1, -1)
  return [torch.matmul(w, v), w]

def dense(x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
  return torch.addmm(bias, x.view([-1, x.size(-1)]), kernel).view([x.size(0), x.size(1), -1])

def multi_head(x: Tensor, p: List[Tensor], h: int, hidden: Optional[Tensor]) -> List[Tensor]:
  q = __torch__.heads(__torch__.dense(x, p[0], p[1]), h)
  k = __torch__.heads(__torch__.dense(x, p[2], p[3]), h)
  v = __torch__.heads(__torch__.dense(x, p[4], p[5]), h)
  a = __torch__.attend(q, k, v, hidden)
  y = a[0].transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
  return [__torch__.dense(y, p[6], p[7]), a[1]]

def block(x: Tensor, p: List[Tensor], h: int, hidden: Optional[Tensor]) -> Tensor:
  a = torch.layer_norm(x + __torch__.multi_head(x, p, h, hidden)[0], [x.size(2)], p[8], p[9], 1e-6)
  f = __torch__.dense(torch.relu(__torch__.dense(a, p[10], p[11])), p[12], p[13])
  return torch.layer_norm(a + f, [x.size(2)], p[14], p[15], 1e-6)

# La passe arrière : la sortie, puis le gradient de chaque entrée.
def gradients(y: Tensor, upstream: Optional[Tensor], inputs: List[Tensor]) -> List[Tensor]:
  up = annotate(List[Optional[Tensor]], [upstream])
  g = annotate(List[Tensor], [])
  for a in torch.autograd.grad([y], inputs, up):
    if a is not None:
      torch.append(g, a)
  return g

# La perte du modèle de sentiment ; hidden cache le remplissage et seen [batch, n, 1] l'exclut de la moyenne.
def loss(ids: Tensor, labels: Tensor, positions: Tensor, dropout: float, p: List[Tensor], hidden: Optional[Tensor], seen: Optional[Tensor], sparse: bool) -> Tensor:
  e = torch.embedding(p[0], ids, -1, False, sparse)
  x = e * torch.sqrt(e.size(2)) + torch.slice(positions, 0, 0, ids.size(1))
  y = __torch__.block(x, torch.slice(p, 1), 4, hidden)
  if seen is not None:
    pooled = torch.sum(y * seen, [1]) / torch.sum(seen, [1])
  else:
    pooled = torch.mean(y, [1])
  z = torch.matmul(torch.dropout(pooled, dropout, True), p[17]) + p[18]
  return torch.binary_cross_entropy_with_logits(z.view([-1]), labels)

# Adam, avec l'epsilon de Keras et du cours : ajouté à la racine du second moment avant la correction de son biais.
def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> int:
  values = annotate(List[Tensor], [])
  for a in p:
    torch.append(values, a.detach())
  torch._foreach_add_(t, 1)
  epsilon = 1e-7 / torch.sqrt(1. - torch.pow(0.999, float(t[0].item())))
  torch._fused_adam_(values, g, m, v, [], t, lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0., eps=epsilon, amsgrad=False, maximize=False)
  return 0

# Adam paresseux (torch.optim.SparseAdam) : seules les lignes du lot changent, moments compris.
def sparse_adam(p: Tensor, g: Tensor, m: Tensor, v: Tensor, n: float) -> int:
  s = torch.coalesce(g)
  rows = torch.select(torch.indices(s), 0, 0)
  r = torch.values(s)
  m1 = torch.lerp_(torch.index_select(m, 0, rows), r, 0.1)
  v1 = torch.addcmul_(torch.mul_(torch.index_select(v, 0, rows), 0.999), r, r, value=0.001)
  torch.index_copy_(m, 0, rows, m1)
  torch.index_copy_(v, 0, rows, v1)
  rate = 0.001 * torch.sqrt(1. - torch.pow(0.999, n)) / (1. - torch.pow(0.9, n))
  torch.index_add_(torch.detach(p), 0, rows, torch.div_(m1, torch.add_(torch.sqrt_(v1), 1e-7)), alpha=torch.neg(rate))
  return 0

class Attention(Module):
  training : bool
  def forward(self: __torch__.Attention, q: Tensor, k: Tensor, v: Tensor) -> List[Tensor]:
    return __torch__.attend(q, k, v, None)

class MaskedAttention(Module):
  training : bool
  def forward(self: __torch__.MaskedAttention, q: Tensor, k: Tensor, v: Tensor, hidden: Tensor) -> List[Tensor]:
    return __torch__.attend(q, k, v, hidden)

class FusedAttention(Module):
  training : bool
  def forward(self: __torch__.FusedAttention, q: Tensor, k: Tensor, v: Tensor) -> List[Tensor]:
    return [torch.scaled_dot_product_attention(q, k, v)]

class MultiHead(Module):
  training : bool
  def forward(self: __torch__.MultiHead, x: Tensor, heads: Tensor, p: List[Tensor]) -> List[Tensor]:
    return __torch__.multi_head(x, p, int(heads.item()), None)

class Encoder(Module):
  training : bool
  def forward(self: __torch__.Encoder, x: Tensor, upstream: Tensor, heads: Tensor, p: List[Tensor]) -> List[Tensor]:
    y = __torch__.block(x, p, int(heads.item()), None)
    return [y] + __torch__.gradients(y, upstream, [x] + p)

class Lstm(Module):
  training : bool
  def forward(self: __torch__.Lstm, x: Tensor, upstream: Tensor, p: List[Tensor]) -> List[Tensor]:
    h = torch.zeros([1, x.size(0), p[1].size(1)])
    y, _0, _1 = torch.lstm(x, [h, h], p, True, 1, 0., True, False, True)
    return [y] + __torch__.gradients(y, upstream, [x] + p)

class Step(Module):
  training : bool
  def forward(self: __torch__.Step, ids: Tensor, labels: Tensor, positions: Tensor, dropout: Tensor, p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
    l = __torch__.loss(ids, labels, positions, float(dropout.item()), p, None, None, False)
    __torch__.adam(p, __torch__.gradients(l, None, p), m, v, t)
    return l

class MaskedStep(Module):
  training : bool
  def forward(self: __torch__.MaskedStep, ids: Tensor, labels: Tensor, positions: Tensor, dropout: Tensor, hidden: Tensor, seen: Tensor, p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
    l = __torch__.loss(ids, labels, positions, float(dropout.item()), p, hidden, seen, False)
    __torch__.adam(p, __torch__.gradients(l, None, p), m, v, t)
    return l

# La table et ses moments à part : sur une tranche de liste (m[1:]), TorchScript ne voit pas que les tableaux changent, et
# supprime le pas d'Adam comme inutile.
class LazyStep(Module):
  training : bool
  def forward(self: __torch__.LazyStep, ids: Tensor, labels: Tensor, positions: Tensor, dropout: Tensor, table: Tensor, mean: Tensor, square: Tensor, p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
    all = [table] + p
    l = __torch__.loss(ids, labels, positions, float(dropout.item()), all, None, None, True)
    g = __torch__.gradients(l, None, all)
    __torch__.adam(p, torch.slice(g, 1), m, v, t)
    __torch__.sparse_adam(table, g[0], mean, square, float(t[0].item()))
    return l
